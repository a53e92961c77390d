SELECT contact_id(n) AS contact_id, source, name AS note FROM ({notes})
