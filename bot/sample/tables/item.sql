-- The lines of all orders: one to four products each, mostly of what the buyer likes.
WITH bought AS (
    SELECT
        n, k,
        n * 64 + k AS order_number,
        wealth, interest, status,
        as_of() - to_seconds(86400 * (quiet_days
            + u(n * 64 + k, 'day') ** 1.3 * (joined_days - quiet_days))) AS ordered_at,
        1 + floor(u(n * 64 + k, 'lines') ** 2 * 4)::INTEGER AS lines,
        to_seconds(86400 * (1 + 20 * u(n * 64 + k, 'returned'))) AS returned_after
    FROM (
        SELECT *, unnest(range(order_count)) AS k FROM person
    ), LATERAL (SELECT u(n * 64 + k, 'status') AS fate), LATERAL (SELECT CASE
        WHEN fate < 0.89 THEN 'completed' WHEN fate < 0.95 THEN 'cancelled' ELSE 'returned'
    END AS status)
),
lines AS (
    SELECT *, order_number * 4 + line AS key
    FROM (SELECT *, unnest(range(lines)) AS line FROM bought)
),
chosen AS (
    SELECT *, CASE WHEN u(key, 'own interest') < 0.65 THEN interest
        ELSE skewed(category_names, u(key, 'category'), 1) END AS category
    FROM lines, brand
)
SELECT
    n, order_number, key, ordered_at, returned_after, shelf.category,
    -- What would have been returned after as_of is still with the customer.
    CASE WHEN status = 'returned' AND ordered_at + returned_after > as_of()
        THEN 'completed' ELSE status END AS status,
    skewed(shelf.products, u(key, 'product'), greatest(0.7, 1.9 - 0.3 * wealth)) AS product,
    greatest(1, least(99, floor(exp(-0.25 + 0.65 * wealth + 0.6 * gauss(key, 'quantity')))))::INTEGER
        AS quantity,
    CASE WHEN u(key, 'sale') < 0.25 THEN 0.9 ELSE 1.0 END AS discount
FROM chosen JOIN shelf USING (category)
