"""A batch that is killed ends as one that was left alone, and asks for no reply again that was stored."""

import random
from pathlib import Path

from crashing import Batch, endpoint, kill_at_random
from many_failures import write_reports


def test_a_batch_killed_at_random_moments_ends_with_the_same_result_and_loses_no_stored_reply(tmp_path: Path) -> None:
    write_reports(tmp_path / "reports", files=2, failures=6, causes=3)
    with endpoint() as fake:
        undisturbed = Batch(tmp_path / "reports", tmp_path / "undisturbed", fake.url)
        undisturbed.finish()
        calls = len(fake.requests)
    with endpoint() as fake:
        batch = Batch(tmp_path / "reports", tmp_path / "killed", fake.url)
        _, under_way = kill_at_random(batch, fake, kills=2, chance=random.Random(3), least_s=0.8, most_s=2.5)
        assert len(fake.requests) <= calls + under_way
    assert batch.result() == undisturbed.result()
