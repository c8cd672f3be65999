"""The configuration: one YAML file, declared once in `schema`, read by `load`."""

from ackd.config.load import Loaded, load, loads
from ackd.config.read_secret import read_secret
from ackd.config.schema import Config, FollowUp, Limits, Rule

__all__ = ["Config", "FollowUp", "Limits", "Loaded", "Rule", "load", "loads", "read_secret"]
