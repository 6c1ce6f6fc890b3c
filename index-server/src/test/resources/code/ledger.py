"""A ledger of payments; braces in strings such as "{" say nothing of its structure."""

from __future__ import annotations

import dataclasses
import functools
import json
import time

TEMPLATE = '''
def not_a_function(x):
    return {"x": x}
'''


def retry(times: int, pause: float = 0.1):
    """Tries again, and sleeps in between."""

    def decorate(function):
        @functools.wraps(function)
        def again(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except OSError:
                    if attempt + 1 == times:
                        raise
                    time.sleep(pause * 2**attempt)

        return again

    return decorate


@dataclasses.dataclass(frozen=True)
class Payment:
    payer: str
    cents: int
    note: str = f"{'{'}none{'}'}"

    @property
    def euros(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02}"


class Ledger:
    # Kept in the order in which they came.
    def __init__(self, path: str) -> None:
        self.path = path
        self.payments: list[Payment] = []

    @retry(times=3)
    def load(self) -> int:
        with open(self.path, encoding="utf-8") as lines:
            for line in lines:
                fields = json.loads(line)
                self.payments.append(Payment(fields["payer"], int(fields["cents"])))
        return len(self.payments)

    async def total(self, payer: str | None = None) -> int:
        mine = [p.cents for p in self.payments if payer in (None, p.payer)]
        return sum(
            mine,
            start=0,
        )


if __name__ == "__main__":
    print(Ledger("payments.jsonl").load())
