"""The admin: what its pages have in common, its sidebar, its first page and the page of queues."""
