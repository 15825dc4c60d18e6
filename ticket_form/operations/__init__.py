"""What operators run: backup, restore, export, retention, health."""
