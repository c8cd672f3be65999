"""The calendar: recurrence, time zones by their Windows names, meetings and their messages."""
