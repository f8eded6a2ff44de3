"""`python -m watch.locale`: list the messages that lack a French translation; status 1 when there are any."""

import sys

from watch.locale.extract import missing

if __name__ == "__main__":
    lacking = missing()
    sys.stdout.writelines(f"{line}\n" for line in lacking)
    sys.exit(bool(lacking))
