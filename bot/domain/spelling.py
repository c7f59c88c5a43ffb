"""How far apart two names are, and which known one was probably meant."""

from collections.abc import Iterable


def distance(left: str, right: str) -> int:
    """Letters to add, drop, change or swap with their neighbour to make one word of the other."""
    older: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        line = [row]
        for column, other in enumerate(right, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, older[column - 2] + 1)
            line.append(cost)
        older, above = above, line
    return above[-1]


def nearest(word: str, known: Iterable[str], limit: int = 2) -> str:
    """The known word at most `limit` letters away, the first of the nearest; "" where there is none."""
    close = (name for name in known if abs(len(name) - len(word)) <= limit)
    best = min(((distance(word, name), name) for name in close), default=(limit + 1, ""), key=lambda pair: pair[0])
    return best[1] if best[0] <= limit else ""
