-- Log records of all organisations. The columns are those ECS fields that engines/logs marks with `column`;
-- a test compares this list with it. Everything else an event says stands in `fields`.
-- Absent texts are '' and absent numbers 0, except event_severity, where 0 means emergency.
--
-- Partitioned by retention class and month of receipt, never by organisation or event time: an insert over more than
-- 100 partitions is refused, and device clocks lie. Rows leave with their partition's parts when all of a part is old.
-- The deduplication window counts (insert, partition) pairs; it must outlast every retry of the spool.
-- Merges take one column at a time and write through small buffers: with the defaults a merge of a few parts takes
-- 350 MB for these columns, with these settings 12 MB, and the disk use is the same.
-- The fsync settings make an answered insert, and a merge of such inserts, survive a power cut.
CREATE TABLE IF NOT EXISTS events
(
  org_id UUID,
  event_id UUID CODEC(NONE),
  source_id UUID,
  device_id Nullable(UUID),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  retention Enum8('short' = 0, 'standard' = 1, 'long' = 2, 'kept' = 3),
  message String CODEC(ZSTD(1)),
  event_kind LowCardinality(String),
  event_category LowCardinality(String),
  event_type LowCardinality(String),
  event_action LowCardinality(String),
  event_outcome LowCardinality(String),
  event_code LowCardinality(String),
  event_dataset LowCardinality(String),
  event_severity Nullable(UInt8),
  event_duration UInt64,
  observer_vendor LowCardinality(String),
  observer_product LowCardinality(String),
  observer_name LowCardinality(String),
  observer_serial_number LowCardinality(String),
  host_name LowCardinality(String),
  host_ip String,
  host_mac String,
  source_ip String,
  source_port UInt16,
  source_bytes UInt64,
  source_geo_country_iso_code LowCardinality(String),
  destination_ip String,
  destination_port UInt16,
  destination_bytes UInt64,
  destination_domain String,
  destination_geo_country_iso_code LowCardinality(String),
  network_transport LowCardinality(String),
  network_protocol LowCardinality(String),
  network_application LowCardinality(String),
  network_direction LowCardinality(String),
  user_name LowCardinality(String),
  user_domain LowCardinality(String),
  rule_id LowCardinality(String),
  rule_name LowCardinality(String),
  url_full String,
  url_domain String,
  http_request_method LowCardinality(String),
  http_response_status_code UInt16,
  dns_question_name String,
  file_name String,
  file_path String,
  file_hash_sha256 String,
  process_name LowCardinality(String),
  email_from_address String,
  email_to_address String,
  email_subject String,
  log_level LowCardinality(String),
  fields Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  raw String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY (retention, toYYYYMM(received_at))
PRIMARY KEY (org_id, timestamp)
ORDER BY (org_id, timestamp, event_id)
TTL toDateTime(received_at) + toIntervalDay(multiIf(retention = 'short', 32, retention = 'standard', 100, retention = 'long', 400, 2560))
SETTINGS
  non_replicated_deduplication_window = 10000,
  ttl_only_drop_parts = 1,
  vertical_merge_algorithm_min_rows_to_activate = 1,
  vertical_merge_algorithm_min_columns_to_activate = 1,
  max_compress_block_size = 262144,
  min_columns_to_activate_adaptive_write_buffer = 1,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;
