"""Private PostgreSQL and Valkey for one machine, and `manage.py up`, which runs everything."""
