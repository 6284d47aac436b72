"""``ops.run`` with the stand-ins instead of worker and server."""

import sys
from pathlib import Path

from ops.run import Product, main

HERE = Path(__file__).parent

if __name__ == "__main__":
    small = Product(
        worker=(sys.executable, HERE / "worker.py"), server=(sys.executable, HERE / "server.py")
    )
    sys.exit(main(sys.argv[1:], small))
