SELECT contact_id(n) AS contact_id, source, name AS tag FROM ({tags})
