"""Hypotheses from the change: which commit since the green state did it, how, and how to find out."""

from assistant.drafting.playbook.change.proposing import change_proposals

__all__ = ["change_proposals"]
