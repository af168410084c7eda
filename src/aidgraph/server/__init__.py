"""The dataset over HTTP: requests in, library called in worker processes, text out.

The server's own process holds no data and runs no query: it reads requests, keeps the limits,
and writes what workers reply. `app` puts it together; `desk` is the workers' side.
"""
