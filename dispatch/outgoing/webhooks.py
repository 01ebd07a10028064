"""Post an event to a program, signed, and say what it answered."""

import json
from datetime import datetime

from dispatch.domain.webhooks import sign
from dispatch.outgoing.safe_http import Limits, Network, NotAllowed, NotReached, exchange
from dispatch.services.webhook_deliveries import Call, Reply

LIMITS = Limits(seconds=10)


def send(call: Call, at: datetime, *, network: Network) -> Reply:
    """Post one event as JSON; the signature covers the instant and the body."""
    body = json.dumps({"id": call.id, **call.event}, separators=(",", ":")).encode()
    timestamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "X-Dispatch-Id": call.id,
        "X-Dispatch-Timestamp": str(timestamp),
        "X-Dispatch-Signature": sign(call.secret, timestamp, body),
    }
    try:
        answer = exchange("POST", call.url, body=body, headers=headers, limits=LIMITS, network=network)
    except (NotAllowed, NotReached) as trouble:
        return Reply(trouble=trouble.code)
    return Reply(answer.status)
