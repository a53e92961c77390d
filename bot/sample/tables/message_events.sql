-- Of each message: opened, perhaps clicked; coupons claimed, owned, perhaps redeemed.
WITH sent AS (
    SELECT n, n * 1024 + unnest(range(least(1000, floor(
            getvariable('messages') * 1.45 * u(n, 'messages') ** 0.7))::INTEGER)) AS key,
        line_status, email_consent, joined_days
    FROM person
),
landed AS (
    SELECT n, key, joined_days, u(key, 'reaction') AS reaction, CASE
        WHEN line_status = 'subscribed' AND u(key, 'channel') < 0.45 THEN 'line_broadcast'
        WHEN line_status = 'subscribed' AND u(key, 'channel') < 0.57 THEN 'line_retargeting'
        WHEN line_status = 'subscribed' AND u(key, 'channel') < 0.67 THEN 'coupon'
        WHEN email_consent AND u(key, 'channel') < 0.85 THEN 'email'
        WHEN u(key, 'channel') < 0.9 THEN 'sms_plus'
        WHEN u(key, 'channel') < 0.95 THEN 'sms_broadcast'
        ELSE 'whatsapp'
    END AS channel
    FROM sent
),
happened AS (
    SELECT n, key, channel, joined_days, unnest(CASE
        WHEN channel = 'coupon' AND reaction < 0.4 THEN ['claim', 'own', 'redeem']
        WHEN channel = 'coupon' THEN ['claim', 'own']
        WHEN channel = 'sms_plus' THEN [CASE WHEN reaction < 0.92 THEN 'delivered' ELSE 'failed' END]
        WHEN channel = 'sms_broadcast' THEN ['click']
        WHEN reaction < 0.3 THEN ['open', 'click']
        ELSE ['open']
    END) AS event
    FROM landed
),
timed AS (
    SELECT *, as_of() - to_seconds(86400 * least(joined_days, 200) * u(key, 'sent') ** 1.2)
        + to_seconds(CASE event WHEN 'click' THEN 600 * u(key, 'click')
            WHEN 'redeem' THEN 86400 * 14 * u(key, 'redeem') ELSE 0 END) AS occurred_at
    FROM happened
)
SELECT contact_id(n) AS contact_id, channel, event,
    CASE WHEN u(key, 'campaign known') < 0.9 THEN skewed(campaigns, u(key, 'campaign'), 1.3) END
        AS campaign,
    occurred_at
FROM timed, brand
WHERE occurred_at <= as_of()
