"""Start the frozen program; the file PyInstaller begins with."""

import sys

from ui.app import main

if __name__ == "__main__":
    sys.exit(main())
