"""Operations: backup, restore, export, retention, health checks, operator alerts."""
