"""What was known then, what is known now about then, and what changed in between, in words."""

from monitor.replay_page.page import Replay
from monitor.replay_page.reading import Asked, replay, replay_for_hearing

__all__ = ["Asked", "Replay", "replay", "replay_for_hearing"]
