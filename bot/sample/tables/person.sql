-- Everybody, with the traits that the tables below are drawn from. Days count back from as_of.
WITH drawn AS (
    SELECT
        n,
        countries[list_count(list_filter(bounds, lambda bound: bound <= u(n, 'country'))) + 1] AS home,
        gauss(n, 'wealth') AS wealth,
        skewed(category_names, u(n, 'interest'), 1.4) AS interest,
        CASE WHEN u(n, 'pet') < 0.55 THEN 'cat' ELSE 'dog' END AS pet,
        10 + (u(n, 'joined') ** 1.2 * 1100) AS joined_days,
        u(n, 'habit') AS habit,
        u(n, 'line') AS line
    FROM range(getvariable('contacts')) AS numbers (n), brand
),
lived AS (
    SELECT
        *,
        home.language AS language,
        -- A quarter never bought, some bought once, some stopped long ago or lately.
        CASE
            WHEN habit < 0.24 THEN 0
            WHEN habit < 0.44 THEN 1
            ELSE least(60, 1 + floor(exp(0.85 + 0.75 * gauss(n, 'orders') + 0.35 * wealth)))
        END::INTEGER AS order_count,
        least(joined_days * 0.8, CASE
            WHEN habit BETWEEN 0.44 AND 0.58 THEN 190 + 400 * u(n, 'churned')
            WHEN habit BETWEEN 0.58 AND 0.72 THEN 60 + 120 * u(n, 'dormant')
            WHEN habit < 0.44 THEN 300 * u(n, 'once')
            ELSE 0
        END) AS quiet_days,
        CASE WHEN line < 0.76 THEN 'subscribed' WHEN line < 0.9 THEN 'blocked' ELSE 'none' END
            AS line_status,
        CASE WHEN u(n, 'birthday known') < 0.8
            THEN DATE '1955-01-01' + (u(n, 'birthday') * 18990)::INTEGER END AS birthday,
        u(n, 'email consent') < 0.58 AS email_consent
    FROM drawn
)
SELECT * FROM lived
