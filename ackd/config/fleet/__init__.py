"""The fleet's configuration: one file of the administrator's, `fleet.yaml`, and one for each owner who wants
things otherwise."""

from ackd.config.fleet.load import Fleet, Member, load_fleet
from ackd.config.fleet.schema import FleetConfig

__all__ = ["Fleet", "FleetConfig", "Member", "load_fleet"]
