"""Hypotheses from the change: which commit since the green state did it, how, and how to find out."""

from assistant.drafting.playbook.change.proposing import BY_CHANGE, change_proposals

__all__ = ["BY_CHANGE", "change_proposals"]
