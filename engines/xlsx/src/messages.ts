import type { CellErrorCode, ErrorParams, FileErrorCode } from './errors.ts'

export type Locale = 'ja' | 'en'
interface Message { readonly ja: string; readonly en: string }

/**
 * What is said to people: what happened and what to do. `{name}` stands for a parameter, `{name:size}` for
 * one that counts bytes; a part in square brackets is left out when one of its parameters is missing.
 */
const MESSAGES: Readonly<Record<FileErrorCode | CellErrorCode, Message>> = {
  'empty-file': { ja: 'ファイルの中身が空です。もう一度保存してからお送りください。', en: 'The file is empty. Please save it again and send it once more.' },
  'not-a-table': { ja: 'Excel（.xlsx）でもCSVでもないファイルです。Excelで開き、「名前を付けて保存」で .xlsx を選んでください。', en: 'This is neither an Excel workbook (.xlsx) nor a CSV file. Open it in Excel and save it as .xlsx.' },
  'password-protected': { ja: 'パスワードで保護されたファイルです。Excelで「ファイル」→「情報」→「ブックの保護」からパスワードを外し、保存し直してください。', en: 'The workbook is protected by a password. In Excel choose File, Info, Protect Workbook, remove the password and save it again.' },
  'old-xls': { ja: '古い形式（.xls）のファイルです。Excelで開き、「名前を付けて保存」で .xlsx を選んでください。', en: 'This is the old format (.xls). Open it in Excel and save it as .xlsx.' },
  'xlsb-unsupported': { ja: 'バイナリ形式（.xlsb）は読めません。Excelで .xlsx として保存し直してください。', en: 'Binary workbooks (.xlsb) cannot be read. Save it as .xlsx in Excel.' },
  'ods-unsupported': { ja: 'OpenDocument形式（.ods）は読めません。.xlsx として保存し直してください。', en: 'OpenDocument files (.ods) cannot be read. Save it as .xlsx.' },
  'html-disguised': { ja: '中身がWebページのファイルです。Excelで開き、.xlsx として保存し直してください。', en: 'The file is really a web page. Open it in Excel and save it as .xlsx.' },
  'xml-2003-unsupported': { ja: '古いXML形式のファイルです。Excelで開き、.xlsx として保存し直してください。', en: 'This is the XML format of Excel 2003. Open it in Excel and save it as .xlsx.' },
  'too-large': { ja: 'ファイルが大きすぎます（上限 {max:size}）。行を分けて、いくつかのファイルにしてください。', en: 'The file is too large (limit {max:size}). Please split it into several files.' },
  'too-many-parts': { ja: 'ファイルの内部の部品が多すぎます（上限 {max}）。必要なシートだけを新しいブックに写してください。', en: 'The workbook has too many parts inside (limit {max}). Copy only the sheets you need into a new workbook.' },
  'part-too-large': { ja: 'ファイルの中身が大きすぎます（上限 {max:size}）。必要なシートだけを新しいブックに写してください。', en: 'The content of the workbook is too large (limit {max:size}). Copy only the sheets you need into a new workbook.' },
  'inflated-too-large': { ja: 'ファイルの中身が大きすぎます（上限 {max:size}）。必要なシートだけを新しいブックに写してください。', en: 'The content of the workbook is too large (limit {max:size}). Copy only the sheets you need into a new workbook.' },
  'ratio-too-high': { ja: '圧縮のしかたが不自然なため、安全のため読み込みを止めました。Excelで開いて保存し直してください。', en: 'The file is compressed in an unusual way, so reading was stopped for safety. Open it in Excel and save it again.' },
  'too-many-sheets': { ja: 'シートが多すぎます（上限 {max}）。必要なシートだけを新しいブックに写してください。', en: 'There are too many sheets (limit {max}). Copy only those you need into a new workbook.' },
  'too-many-rows': { ja: '[シート「{sheet}」の]行が多すぎます（上限 {max} 行）。いくつかのファイルに分けてください。', en: 'There are too many rows[ in sheet "{sheet}"] (limit {max}). Please split the file.' },
  'too-many-columns': { ja: '[シート「{sheet}」の][{cell}：]列が多すぎます（上限 {max} 列）。右の方に不要な値がないか確かめてください。', en: 'There are too many columns[ in sheet "{sheet}"][ at {cell}] (limit {max}). Please look for stray values far to the right.' },
  'too-many-cells': { ja: '[シート「{sheet}」の]セルが多すぎます（上限 {max}）。いくつかのファイルに分けてください。', en: 'There are too many cells[ in sheet "{sheet}"] (limit {max}). Please split the file.' },
  'too-many-strings': { ja: '文字の入ったセルが多すぎます（上限 {max}）。いくつかのファイルに分けてください。', en: 'There are too many texts in the workbook (limit {max}). Please split the file.' },
  'too-many-merges': { ja: '結合されたセルが多すぎます（上限 {max}）。結合を解除してください。', en: 'There are too many merged cells (limit {max}). Please unmerge them.' },
  'text-too-long': { ja: '[シート「{sheet}」の][{cell}：][{row}行目：]一つのセルの文字が長すぎます（上限 {max} 文字）。短くしてください。', en: 'The text of one cell is too long[ in sheet "{sheet}"][ at {cell}][ in row {row}] (limit {max} characters). Please shorten it.' },
  'too-deep': { ja: 'ファイルの中身の形が不自然なため、読めません。Excelで開いて保存し直してください。', en: 'The content of the file is built in an unusual way. Open it in Excel and save it again.' },
  'zip-corrupt': { ja: 'ファイルが壊れています。もう一度保存してからお送りください。', en: 'The file is damaged. Please save it again and send it once more.' },
  'zip-encrypted': { ja: '暗号化されたファイルです。パスワードを外して保存し直してください。', en: 'The file is encrypted. Remove the password and save it again.' },
  'zip-method': { ja: '対応していない圧縮方式です。Excelで開いて保存し直してください。', en: 'The file uses a compression that is not supported. Open it in Excel and save it again.' },
  'zip-name': { ja: 'ファイルの中に、使えない名前の部品があるため、読み込みを止めました。Excelで開いて保存し直してください。', en: 'A part inside the file has an improper name, so reading was stopped. Open it in Excel and save it again.' },
  'zip-overlap': { ja: 'ファイルの中身が重なり合っているため、読み込みを止めました。Excelで開いて保存し直してください。', en: 'Parts of the file overlap, so reading was stopped. Open it in Excel and save it again.' },
  'zip-size-lie': { ja: 'ファイルに書かれた大きさと実際の大きさが違うため、読み込みを止めました。もう一度保存してからお送りください。', en: 'Sizes written in the file differ from the real ones, so reading was stopped. Please save it again.' },
  'zip-checksum': { ja: 'ファイルが途中で壊れています。もう一度保存してからお送りください。', en: 'The file was damaged on its way. Please save it again and send it once more.' },
  'xml-malformed': { ja: 'ファイルの中身が壊れています。Excelで開いて保存し直してください。', en: 'The content of the file is damaged. Open it in Excel and save it again.' },
  'xml-dtd': { ja: '安全でない書き方（文書型宣言）を含むため、読み込みを止めました。Excelで開いて保存し直してください。', en: 'The file contains an unsafe construct (a document type declaration), so reading was stopped. Open it in Excel and save it again.' },
  'xml-entity': { ja: 'ファイルの中に読めない文字の書き方があります。Excelで開いて保存し直してください。', en: 'The file writes a character in a way that cannot be read. Open it in Excel and save it again.' },
  'xml-encoding': { ja: 'ファイルの中の文字コードが正しくありません。Excelで開いて保存し直してください。', en: 'The text inside the file has a wrong encoding. Open it in Excel and save it again.' },
  'part-missing': { ja: 'ファイルに必要な部品[（シート「{sheet}」）]が欠けています。Excelで開いて保存し直してください。', en: 'A necessary part[ (sheet "{sheet}")] is missing from the file. Open it in Excel and save it again.' },
  'sheet-corrupt': { ja: '[シート「{sheet}」の][{row}行目付近で]中身が壊れています。Excelで開いて保存し直してください。', en: 'The sheet[ "{sheet}"] is damaged[ near row {row}]. Open it in Excel and save it again.' },
  'cell-corrupt': { ja: '[シート「{sheet}」の]セル {cell} の値が読めません。入力し直してください。', en: 'The value of cell {cell}[ in sheet "{sheet}"] cannot be read. Please type it again.' },
  'sheet-not-found': { ja: '[シート「{sheet}」という]読み込めるシートがありません。シートの名前と、非表示になっていないかを確かめてください。', en: 'There is no sheet to read[ named "{sheet}"]. Please check its name and whether it is hidden.' },
  'encoding-invalid': { ja: '{line}行目に、文字コード {encoding} として読めない文字があります。Excelの「CSV UTF-8」で保存し直してください。', en: 'Line {line} cannot be read as {encoding}. Save the file as "CSV UTF-8" in Excel.' },
  'encoding-unknown': { ja: '文字コードが分かりません（{line}行目付近）。Excelの「CSV UTF-8」で保存し直してください。', en: 'The encoding of the file is not known (near line {line}). Save it as "CSV UTF-8" in Excel.' },
  'csv-unclosed-quote': { ja: '{row}行目の{column}列目で始まる引用符（"）が閉じていません。閉じる引用符を足すか、Excelで保存し直してください。', en: 'The quotation mark that begins in row {row}, column {column} is never closed. Close it, or save the file again in Excel.' },
  'csv-after-quote': { ja: '{row}行目の{column}列目で、閉じた引用符（"）の後ろに余分な文字があります。消すか、Excelで保存し直してください。', en: 'In row {row}, column {column} there is text after the closing quotation mark. Remove it, or save the file again in Excel.' },
  'header-not-found': { ja: '[シート「{sheet}」に]見出しの行が見つかりません。見出しに「{expected}」などの名前を付けてください。', en: 'No header row was found[ in sheet "{sheet}"]. Please name the columns, for example {expectedEn}.' },
  'bad-write': { ja: '表を書き出せませんでした[（シート「{sheet}」）][（{cell}）]。', en: 'The table could not be written[ (sheet "{sheet}")][ ({cell})].' },
  'required': { ja: '空のままです。入れてください。', en: 'This must be filled in.' },
  'cell-error': { ja: '計算式の結果が {value} になっています。値を入力してください。', en: 'The formula gives an error ({value}). Please enter a value.' },
  'not-calculated': { ja: '計算式の結果が保存されていません。Excelで開いて保存し直すか、値を入力してください。', en: 'The result of the formula was not saved. Open and save the file in Excel, or enter a value.' },
  'invalid-number': { ja: '「{value}」は数として読めません。数字だけで入れてください。', en: '"{value}" cannot be read as a number. Please enter digits only.' },
  'not-integer': { ja: '「{value}」は整数ではありません。小数点のない数を入れてください。', en: '"{value}" is not a whole number. Please enter one without decimals.' },
  'out-of-range': { ja: '「{value}」は範囲の外です[（{min} 以上）][（{max} 以下）]。', en: '"{value}" is out of range[ (at least {min})][ (at most {max})].' },
  'invalid-date': { ja: '「{value}」は日付として読めません。「2026/4/1」のように書いてください。', en: '"{value}" cannot be read as a date. Please write it like 2026-04-01.' },
  'invalid-boolean': { ja: '「{value}」は「はい／いいえ」として読めません。○ か × を入力してください。', en: '"{value}" is neither yes nor no. Please enter ○ or ×.' },
  'invalid-choice': { ja: '「{value}」は選べません。「{choices}」のどれかを入力してください。', en: '"{value}" is not one of the choices. Please enter one of: {choices}.' },
  'invalid-text': { ja: '使えない文字が含まれています。入力し直してください。', en: 'The text holds characters that cannot be stored. Please type it again.' },
  'extra-cells': { ja: '見出しより右に値があります。値の中のカンマが引用符（"）で囲まれているか確かめてください。', en: 'There are values to the right of the last header. Please check that commas inside values stand in quotation marks.' },
  'value-too-long': { ja: '文字が長すぎます（上限 {max} 文字）。短くしてください。', en: 'The text is too long (limit {max} characters).' },
}

/**
 * The text of a code for people. Codes that are not the engine's own (from a caller's parser) come back
 * as they are: their texts are the caller's.
 */
export function describe(code: string, params: ErrorParams, locale: Locale): string {
  if (!Object.hasOwn(MESSAGES, code)) return code
  const template = MESSAGES[code as keyof typeof MESSAGES][locale]
  const fill = (text: string): string | null => {
    let complete = true
    const filled = text.replace(/\{(\w+)(:size)?\}/g, (_, name: string, size?: string) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined
      if (value === undefined) complete = false
      if (size !== undefined && typeof value === 'number') return sizeText(value, locale)
      return typeof value === 'number' ? value.toLocaleString(locale, { maximumFractionDigits: 10 }) : String(value ?? '')
    })
    return complete ? filled : null
  }
  const withOptions = template.split(/(\[[^\]]*\])/).map((piece) => piece.startsWith('[') ? fill(piece.slice(1, -1)) ?? '' : fill(piece) ?? piece.replace(/\{\w+(?::size)?\}/g, '?'))
  return withOptions.join('')
}

/** Bytes as the file manager of the reader shows them, rounded down: a file of the size named is never refused. */
function sizeText(bytes: number, locale: Locale): string {
  const [unit, per] = bytes >= 1024 ** 2 ? ['MB', 1024 ** 2] as const : bytes >= 1024 ? ['KB', 1024] as const : [locale === 'ja' ? 'バイト' : 'bytes', 1] as const
  return `${(Math.floor((bytes / per) * 10) / 10).toLocaleString(locale)} ${unit}`
}
