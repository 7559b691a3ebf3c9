-- The memory of correlations is kept in another form. What was being counted towards a threshold begins anew, once.
delete from detect_state;
