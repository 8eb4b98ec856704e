-- id: chain_member
-- grain: link of a firm to a chain
-- caption: Days on which a firm is a leader or supplier of a key chain and the link is disclosed.
-- needs: chain_link(enterprise_id, chain, role, valid_from, valid_to, disclosed_on), enterprise(enterprise_id, in_city)

SELECT
    chain_link.enterprise_id,
    chain,
    role,
    COALESCE(in_city, FALSE) AS in_city,
    GREATEST(valid_from, disclosed_on) AS first_day,
    valid_to AS last_day
FROM chain_link
LEFT JOIN enterprise ON enterprise.enterprise_id = chain_link.enterprise_id
WHERE disclosed_on IS NOT NULL
