"""The calendar as EWS speaks of it: recurrence and zones in XML, meetings and responses."""
