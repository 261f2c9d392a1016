"""``make tf-apply-local``: the rehearsal for a person to watch."""

import sys
import tempfile
from pathlib import Path

from stack.deployment import TerraformFailed, TerraformMissing, missing
from stack.rehearsal import differences_of_moto, rehearsal


def main() -> int:
    unexpected = 0
    with tempfile.TemporaryDirectory() as folder:
        try:
            with rehearsal(Path(folder), lambda line: print(line, flush=True)) as done:
                for environment, differences in done.differences.items():
                    for difference in set(differences) - differences_of_moto(done.resources[environment]):
                        print(
                            f"{environment}: would change again: {difference.address} {difference.attribute}"
                        )
                        unexpected += 1
        except TerraformMissing as error:
            return missing(error)
        except TerraformFailed as error:
            print(error, file=sys.stderr)
            return 1
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
