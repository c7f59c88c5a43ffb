import socket

import httpx
import pytest

from bot.web import PortTaken, Site, serve_site
from bot.web.digest import digest_routes
from bot.web.health import health_routes

TOKEN = "a-token-of-sixteen"


async def _page():
    return "<!doctype html><title>Digest</title>"


async def _well():
    return {"status": "ok"}


async def _ill():
    return {"status": "no feed answers"}


def _site(health):
    return Site(TOKEN, (*health_routes(health),), (*digest_routes(_page),))


@pytest.fixture
async def site():
    serving = await serve_site(_site(_well), "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=serving.address, trust_env=False) as client:
        yield client
    await serving.close()


async def test_the_link_with_the_token_opens_the_page_and_leaves_no_token_in_the_address(site):
    answer = await site.get(f"/?token={TOKEN}", follow_redirects=True)

    assert answer.status_code == 200
    assert "Digest" in answer.text
    assert "token" not in str(answer.url)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/", "/?token=", "/?token=wrong", "/?token=é"])
async def test_without_the_right_token_there_is_nothing_to_see(site, address):
    answer = await site.get(address)

    assert answer.status_code == 401
    assert "Digest" not in answer.text


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(site):
    cookie = (await site.get(f"/?token={TOKEN}")).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_an_unknown_host_is_refused(site):
    answer = await site.get(f"/?token={TOKEN}", headers={"Host": "evil.example"})

    assert answer.status_code == 400


async def test_a_request_from_another_site_is_refused(site):
    answer = await site.get(f"/?token={TOKEN}", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


async def test_health_needs_no_token_and_turns_red():
    serving = await serve_site(_site(_ill), "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=serving.address, trust_env=False) as client:
        answer = await client.get("/health")
    await serving.close()

    assert answer.status_code == 503
    assert answer.json() == {"status": "no feed answers"}


async def test_a_taken_port_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}.*set WEB_PORT"):
            await serve_site(_site(_well), "127.0.0.1", port)
