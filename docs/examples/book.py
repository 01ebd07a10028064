#!/usr/bin/env python3
"""Book an interpreter and wait for the answer; needs nothing but Python.

    DISPATCH_TOKEN=gdd_… python3 book.py https://dolmetschen.example.org request.json

`request.json` is the body of POST /requests, see docs/examples/request.json.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

BASE, TOKEN = sys.argv[1] + "/api/v1", os.environ["DISPATCH_TOKEN"]
SECONDS = float(os.environ.get("DISPATCH_POLL_SECONDS", "60"))
TRIES = 5
OVER = {"assigned", "completed", "unfilled", "cancelled"}


def call(method, path, body=None, key=None):
    """Return the answer; a broken line and a busy service are tried again, a repeated POST does nothing twice."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Language": "de", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    data = None if body is None else json.dumps(body).encode()
    for remaining in range(TRIES - 1, -1, -1):
        request = urllib.request.Request(BASE + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            if "Retry-After" not in error.headers or not remaining:
                sys.exit(f"{problem['code']}: {problem['detail']} {problem.get('errors', '')}")
            time.sleep(int(error.headers["Retry-After"]))
        except OSError:
            if not remaining:
                raise
            time.sleep(5)


with open(sys.argv[2], encoding="utf-8") as file:
    made = call("POST", "/requests", json.load(file), key=str(uuid.uuid4()))
print(f"Request {made['number']}: {made['state']}, answer by {made['answer_by']}", flush=True)

while (now := call("GET", f"/requests/{made['id']}"))["state"] not in OVER:
    time.sleep(SECONDS)

print(f"Request {now['number']}: {now['state']}")
if now["state"] == "assigned":
    days = f"?from={now['starts_at']}&to={now['ends_at']}"
    for one in call("GET", f"/appointments{days}")["items"]:
        if one["request"] == now["id"]:
            print(f"{one['mediator']['name']} comes on {one['starts_at']} ({one['state']})")
