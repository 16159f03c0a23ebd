"""Sends numbered records, each with one e-mail address, by fluent-logger for Python, which asks for no acknowledgements.

    main.py --host HOST --port PORT [--records N] [--nanoseconds] [--asynchronous]

Exit code 0: everything was written to the socket.
"""

import argparse
import sys

from fluent import asyncsender, sender


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--nanoseconds", action="store_true")
    parser.add_argument("--asynchronous", action="store_true")
    options = parser.parse_args()
    kind = asyncsender if options.asynchronous else sender
    logger = kind.FluentSender(
        "app",
        host=options.host,
        port=options.port,
        timeout=600.0,
        nanosecond_precision=options.nanoseconds,
        **({"queue_maxsize": 0} if options.asynchronous else {}),
    )
    failed = 0
    for number in range(options.records):
        record = {"log": f"user ann.{number}@example.com signed in", "seq": number, "bytes": b"\xff\xfe"}
        if not logger.emit("log", record):
            failed += 1
    logger.close()
    return 0 if failed == 0 and logger.last_error is None else 1


if __name__ == "__main__":
    sys.exit(main())
