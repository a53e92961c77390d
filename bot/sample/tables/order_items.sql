SELECT
    order_id(order_number) AS order_id,
    product.product_id AS product_id,
    product.product_name AS product_name,
    category,
    quantity,
    round(product.price * discount) AS unit_price
FROM item
