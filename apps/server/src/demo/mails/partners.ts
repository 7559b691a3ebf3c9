/** Whom the members deal with: invented firms, each under a name that nobody can own (RFC 2606). */
export const PARTNERS: Readonly<Record<string, readonly { readonly domain: string; readonly name: string }[]>> = {
  mihanada: [{ domain: 'tsukuyomi-kozai.example', name: '月詠鋼材' }, { domain: 'hibarigane-kogu.example', name: '雲雀金工具' }],
  todaimori: [{ domain: 'shirotae-hyozo.example', name: '白妙氷蔵' }],
  asanagino: [{ domain: 'aobuki-iryoki.example', name: '青蕗医療器' }],
  kodamazaka: [{ domain: 'kogarashi-kenzai.example', name: '木枯建材' }],
  kazakiriba: [{ domain: 'ukigumo-soko.example', name: '浮雲倉庫' }],
  tsukishizuku: [{ domain: 'koganegumo-kami.example', name: '黄金雲紙業' }],
  kasumiho: [{ domain: 'yubaeno-tabi.example', name: '夕映野トラベル' }],
  watagumo: [{ domain: 'hidamarino-kyushoku.example', name: '陽だまり野給食' }],
  ainezu: [{ domain: 'akeboshiya-shoji.example', name: '明星屋商事' }],
  hoshikuzuno: [{ domain: 'honamigaoka-tane.example', name: '穂波ヶ丘種苗' }],
  kohakuneko: [{ domain: 'amanogawaya-shokuhin.example', name: '天の川屋食品' }],
  tsuraranono: [{ domain: 'kikyoiro-bin.example', name: '桔梗色壜' }],
  nijimasu: [{ domain: 'hotarubino-kyozai.example', name: '蛍火野教材' }],
};
