"""Pure decisions: no clock, environment, files, network or logging; values in, values out."""
