SELECT
    contact_id(n) AS contact_id,
    CASE WHEN language IN ('zh-Hant', 'ja')
        THEN skewed(home.last_names, u(n, 'last name'), 1)
            || skewed(home.first_names, u(n, 'first name'), 1)
        ELSE skewed(home.first_names, u(n, 'first name'), 1) || ' '
            || skewed(home.last_names, u(n, 'last name'), 1)
    END AS display_name,
    CASE WHEN line_status <> 'none' THEN 'U' || md5(contact_id(n)) END AS line_user_id,
    CASE WHEN u(n, 'email') < 0.72 THEN 'member' || n || '@example.com' END AS email,
    CASE WHEN u(n, 'phone') < 0.83 THEN home.phone || lpad(n::VARCHAR, 7, '0') END AS phone,
    CASE WHEN u(n, 'gender') < 0.52 THEN 'female' WHEN u(n, 'gender') < 0.86 THEN 'male'
        WHEN u(n, 'gender') < 0.89 THEN 'other' END AS gender,
    birthday,
    CASE WHEN u(n, 'city known') < 0.88 THEN skewed(home.cities, u(n, 'city'), 1.5) END AS city,
    CASE WHEN u(n, 'tier known') < 0.93 THEN tiers[CASE WHEN wealth > 1.9 THEN 4
        WHEN wealth > 1.0 THEN 3 WHEN wealth > 0 THEN 2 ELSE 1 END] END AS membership_tier,
    language,
    as_of() - to_seconds(86400 * joined_days) AS joined_at,
    CASE WHEN u(n, 'ever interacted') < 0.92 THEN as_of()
        - to_seconds(86400 * least(joined_days, quiet_days * u(n, 'looking')
            + 240 * u(n, 'interacted') ** 3)) END AS last_interaction_at,
    line_status,
    line_status = 'subscribed' AND u(n, 'push') < 0.85 AS push_consent,
    u(n, 'sms consent') < 0.55 AS sms_consent,
    email_consent,
    CASE WHEN u(n, 'predicted') < 0.9 THEN round(greatest(0.01, least(0.99,
        0.28 + 0.07 * least(order_count, 8) - quiet_days / 800 + 0.18 * gauss(n, 'chance'))), 4)
    END AS purchase_probability,
    CASE WHEN u(n, 'store known') < 0.62 THEN skewed(home.stores, u(n, 'store'), 1) END
        AS favorite_store,
    floor(order_count * exp(4 + 0.8 * gauss(n, 'points')))::BIGINT AS loyalty_points
FROM person, brand
