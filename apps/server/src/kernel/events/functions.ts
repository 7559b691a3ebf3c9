/**
 * Functions that a query over one organisation's events may call: all of them depend on their arguments alone (and on
 * the clock). Not here are those that read something else (file, url, dictGet, joinGet, getSetting, system facts …),
 * run code, wait, or raise errors with data in them. Names as ClickHouse spells them; compared in lower case.
 */
const NAMES = `
  count countIf sum sumIf min minIf max maxIf avg avgIf any anyIf anyLast argMin argMax argMinIf argMaxIf uniq uniqIf uniqExact uniqExactIf
  uniqCombined median quantile quantiles quantileIf groupArray groupArrayIf groupUniqArray groupUniqArrayIf topK topKWeighted
  stddevPop stddevSamp varPop varSamp sumMap row_number rank dense_rank lagInFrame leadInFrame first_value last_value groupBitOr groupBitAnd groupBitXor

  if multiIf ifNull nullIf coalesce isNull isNotNull assumeNotNull greatest least and or not xor in has hasAny hasAll equals notEquals less greater
  plus minus multiply divide intDiv modulo abs round floor ceil sqrt log log2 log10 exp pow power sign
  toString toUInt8 toUInt16 toUInt32 toUInt64 toInt8 toInt16 toInt32 toInt64 toFloat32 toFloat64 toUUID cast toTypeName
  toUInt64OrNull toUInt64OrZero toInt64OrNull toInt64OrZero toFloat64OrNull toFloat64OrZero toUInt16OrZero toUInt32OrZero toUUIDOrNull

  lower upper lowerUTF8 upperUTF8 length lengthUTF8 empty notEmpty concat substring substringUTF8 left right trim trimLeft trimRight replaceOne replaceAll
  replaceRegexpOne replaceRegexpAll position positionCaseInsensitive positionUTF8 positionCaseInsensitiveUTF8 like ilike notLike notILike match extract extractAll
  startsWith endsWith startsWithUTF8 endsWithUTF8 multiSearchAny multiSearchAnyCaseInsensitive multiSearchAnyUTF8 multiSearchAnyCaseInsensitiveUTF8
  multiSearchFirstIndex multiMatchAny hasToken hasTokenCaseInsensitive splitByChar splitByString format hex unhex reverse toValidUTF8 leftPad rightPad
  countSubstrings countSubstringsCaseInsensitive

  domain domainWithoutWWW topLevelDomain cutToFirstSignificantSubdomain protocol path cutQueryString
  isIPv4String isIPv6String isIPAddressInRange toIPv4 toIPv6 toIPv4OrNull toIPv6OrNull toIPv4OrDefault toIPv6OrDefault IPv4NumToString IPv4StringToNum

  now now64 today yesterday toDate toDateTime toDateTime64 toUnixTimestamp toUnixTimestamp64Milli fromUnixTimestamp fromUnixTimestamp64Milli toTimeZone
  parseDateTime64BestEffort parseDateTimeBestEffort toStartOfInterval toStartOfMinute toStartOfFiveMinutes toStartOfFifteenMinutes toStartOfHour toStartOfDay
  toStartOfWeek toStartOfMonth toStartOfQuarter toStartOfYear toMonday toHour toMinute toSecond toDayOfWeek toDayOfMonth toDayOfYear toMonth toYear toYYYYMM
  toYYYYMMDD dateDiff dateAdd dateSub dateTrunc formatDateTime addDays addHours addMinutes addSeconds addMonths subtractDays subtractHours subtractMinutes
  subtractSeconds subtractMonths toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth

  array arrayJoin arrayMap arrayFilter arrayExists arrayAll arrayCount arraySort arrayReverseSort arrayDistinct arrayUniq arrayConcat arraySlice arraySum arrayMax
  arrayMin arrayFirst arrayElement arrayStringConcat arrayEnumerate arrayZip indexOf range tuple tupleElement untuple
  map mapKeys mapValues mapContains mapContainsKeyLike mapExtractKeyLike mapFilter mapApply toJSONString
  cityHash64 sipHash64 xxHash64 MD5 SHA256 bitAnd bitOr bitXor bitTest transform
`;

export const ALLOWED_FUNCTIONS: ReadonlySet<string> = new Set(NAMES.trim().toLowerCase().split(/\s+/));
