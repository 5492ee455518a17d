"""Rows that are work: PostgreSQL is the queue, Celery only says when to look."""
