-- id: policy_list_entry
-- grain: entry of the relending, tech-firm or key-project list
-- caption: Steps of firms and projects on the lists for banks; the subject is the firm or the project itself.
-- needs: list_entry(entry_id, list, batch, subject, enterprise_id, project_id, reserved_on, screened_on, declared_on,
--   recommended_on, pushed_on, removed_on), enterprise(enterprise_id, cluster_id)
-- optional: cluster_id from enterprise(enterprise_id, cluster_id), batch from list_entry(batch), reserved_on from
--   list_entry(reserved_on), screened_on from list_entry(screened_on), declared_on from list_entry(declared_on),
--   recommended_on from list_entry(recommended_on)

SELECT
    entry_id,
    list,
    batch,
    subject,
    CASE WHEN subject = 'project' THEN project_id ELSE list_entry.enterprise_id END AS subject_id,
    list_entry.enterprise_id,
    cluster_id,
    reserved_on,
    screened_on,
    declared_on,
    recommended_on,
    pushed_on,
    removed_on
FROM list_entry
LEFT JOIN enterprise ON enterprise.enterprise_id = list_entry.enterprise_id
WHERE list IN ('relending', 'tech_firm', 'key_project')
