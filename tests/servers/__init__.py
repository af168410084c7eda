"""Real triple stores on 127.0.0.1, started for the tests and stopped by their own process ids.

A test names the store that it wants as a fixture (`oxigraph`, `virtuoso`, …), or `any_store` to be
run with each; what it gets is a `servers.server.Server`. One server a store serves the whole
session and may hold what an earlier test left: begin with `clear()`. A store that is not on this
machine skips the test with the reason; `.ci/fetch_servers` fetches what Debian does not have.
"""
