-- What the SQL of a case's "gold" may use, beside the tables of an import.
-- 2026-06-30T04:00:00Z is the moment taken for now; days start in Taipei.
set timezone = 'Asia/Taipei';
create macro as_of() as timestamptz '2026-06-30T04:00:00Z';
create macro today() as date '2026-06-30';
create macro days_ago(n) as (today() - to_days(cast(n as integer)))::timestamp::timestamptz;
create macro months_ago(n) as (today() - to_months(cast(n as integer)))::timestamp::timestamptz;
create macro age(birthday) as date_diff('year', birthday, today())
    - cast(strftime(birthday, '%m%d') > strftime(today(), '%m%d') as integer);
create view purchases as
    select * from orders where status = 'completed' and ordered_at <= as_of();
create view returns as
    select * from orders where status = 'returned' and returned_at <= as_of();
create view items as
    select i.*, p.contact_id, p.ordered_at from order_items i join purchases p using (order_id);
create view left_in_cart as
    select * from cart_events c where added_at <= as_of() and not exists (
        select 1 from items i where i.contact_id = c.contact_id
            and i.product_id = c.product_id and i.ordered_at >= c.added_at);
create view events as
    select * from message_events where occurred_at <= as_of() and occurred_at >= days_ago(90);
-- one row per contact
create view spending as
    select contact_id, coalesce(sum(amount), 0) total_spending, count(order_id) order_count,
        avg(amount) average_order_value, max(amount) highest_order,
        max(ordered_at) last_purchase, min(ordered_at) first_purchase
    from contacts left join purchases using (contact_id) group by contact_id;
