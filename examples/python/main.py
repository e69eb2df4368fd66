"""Follows a flag of Tidegate over OFREP, with nothing but Python's standard library.

    SDK_KEY=… python3 examples/python/main.py

It evaluates all flags for one user, and listens for changes on the event stream that the answer names. Switch the flag
new-checkout: what it prints follows at once.
"""

import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

TIDEGATE_URL = os.environ.get("TIDEGATE_URL", "http://127.0.0.1:8080")
USER = {"targetingKey": "ada", "country": "FR"}

# The server gives a sign of life each 15 seconds.
SILENCE = 45


class Flags:
    """The flags of one user, as the server evaluated them last."""

    def __init__(self, url, key, context):
        self.url, self.key, self.context = url, key, context
        self.etag = None
        self.values = {}
        self.stream = None

    def evaluate(self, config=None):
        """Asks for all flags. Config is the etag of the event that says they have changed, if one did."""
        query = "?" + urllib.parse.urlencode({"flagConfigEtag": config}) if config else ""
        request = urllib.request.Request(
            self.url + "/ofrep/v1/evaluate/flags" + query,
            data=json.dumps({"context": self.context}).encode(),
            headers={"Authorization": "Bearer " + self.key, "Content-Type": "application/json"},
        )
        if self.etag:
            request.add_header("If-None-Match", self.etag)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                answer = json.load(response)
                self.etag = response.headers["ETag"]
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return  # what is known still holds
            raise
        self.values = {flag["key"]: flag["value"] for flag in answer["flags"] if "value" in flag}
        stream = answer["eventStreams"][0]
        self.stream = stream.get("url") or urllib.parse.urljoin(self.url, stream["endpoint"]["requestUri"])

    def get(self, key, default):
        """The value of a flag, or the default where the server leaves the answer to the code."""
        return self.values.get(key, default)

    def changes(self):
        """Yields the etag of each change that the event stream tells of, until the stream ends."""
        request = urllib.request.Request(self.stream, headers={"Accept": "text/event-stream"})
        with urllib.request.urlopen(request, timeout=SILENCE) as lines:
            for line in lines:
                if line.startswith(b"data:"):
                    event = json.loads(line.removeprefix(b"data:"))
                    if event["type"] == "refetchEvaluation":
                        yield event.get("etag")


def show(flags):
    print("The new checkout" if flags.get("new-checkout", False) else "The old checkout", flush=True)


def main():
    flags = Flags(TIDEGATE_URL, os.environ["SDK_KEY"], USER)
    while True:
        try:
            flags.evaluate()
            show(flags)
            for etag in flags.changes():
                flags.evaluate(etag)
                show(flags)
        except (OSError, ValueError, http.client.HTTPException) as error:
            print("Tidegate is away, serving what was known last:", error, flush=True)
        time.sleep(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
