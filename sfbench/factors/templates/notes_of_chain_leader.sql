-- id: notes_of_chain_leader
-- zh: 一家链主企业各链上企业的借据
-- en: Loan notes of the firms in the chains of a leader (two hops)
-- table: loan
-- parameter: leader_id | BIGINT

SELECT * FROM loan WHERE enterprise_id IN (SELECT enterprise_id FROM chain_link WHERE leader_id = $leader_id);

WITH member AS (
    SELECT DISTINCT leader_id, enterprise_id FROM chain_link
)
SELECT leader_id, COUNT(*) AS rows_selected
FROM member
JOIN loan USING (enterprise_id)
WHERE leader_id IS NOT NULL
GROUP BY leader_id;
