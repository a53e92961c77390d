SELECT
    order_id(order_number) AS order_id,
    contact_id(any_value(n)) AS contact_id,
    any_value(ordered_at) AS ordered_at,
    sum(quantity * round(product.price * discount)) AS amount,
    any_value(status) AS status,
    CASE WHEN any_value(status) = 'returned'
        THEN any_value(ordered_at + returned_after) END AS returned_at
FROM item
GROUP BY order_number
