-- Some carts became orders within three days, most were only filled.
WITH bought AS (
    SELECT n, product, category, quantity,
        ordered_at - to_seconds(86400 * 3 * u(key, 'hesitation')) AS added_at
    FROM item WHERE u(key, 'by cart') < 0.4
),
browsing AS (
    SELECT n, n * 64 + unnest(range(floor(4.4 * u(n, 'carts'))::INTEGER)) AS key,
        interest, joined_days
    FROM person
),
looked AS (
    SELECT *, CASE WHEN u(key, 'cart interest') < 0.7 THEN interest
        ELSE skewed(category_names, u(key, 'cart category'), 1) END AS category
    FROM browsing, brand
),
filled AS (
    SELECT n, skewed(shelf.products, u(key, 'cart product'), 1) AS product, category,
        1 + floor(3 * u(key, 'cart quantity') ** 3)::INTEGER AS quantity,
        as_of() - to_seconds(86400 * joined_days * u(key, 'cart day') ** 2) AS added_at
    FROM looked JOIN shelf USING (category)
)
SELECT
    contact_id(n) AS contact_id, product.product_id AS product_id,
    product.product_name AS product_name, category, quantity, added_at
FROM (FROM bought UNION ALL FROM filled)
