"""The JSON API of ``ocguard serve``: the command line's records over HTTP."""
