# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Wait until a server answers.

usage: wait_http.py PROCESS SECONDS ADDRESS...  Exit 0: it answers at all the addresses, one
after the other; 1: its process ended, or the seconds went by.
"""

import os
import sys
import time
import urllib.request


def answers(address):
    # No proxy stands between this machine and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=10) as response:
            return response.status == 200
    except OSError:
        return False


def runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def main(process, seconds, *addresses):
    end = time.monotonic() + float(seconds)
    waiting = list(addresses)
    while waiting and time.monotonic() < end and runs(int(process)):
        if answers(waiting[0]):
            waiting.pop(0)
        else:
            time.sleep(0.2)
    return len(waiting)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
