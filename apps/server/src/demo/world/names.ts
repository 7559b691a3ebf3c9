/** Ordinary names; their combinations are drawn by chance and mean nobody. Written form, reading, Latin letters. */
const parse = (text: string): readonly (readonly [written: string, reading: string, latin: string])[] => text.trim().split(/\s+/).map((entry) => entry.split('/') as [string, string, string]);

export const SURNAMES = parse(`
佐藤/さとう/sato 鈴木/すずき/suzuki 高橋/たかはし/takahashi 田中/たなか/tanaka 伊藤/いとう/ito 渡辺/わたなべ/watanabe 山本/やまもと/yamamoto 中村/なかむら/nakamura 小林/こばやし/kobayashi 加藤/かとう/kato
吉田/よしだ/yoshida 山田/やまだ/yamada 佐々木/ささき/sasaki 山口/やまぐち/yamaguchi 松本/まつもと/matsumoto 井上/いのうえ/inoue 木村/きむら/kimura 林/はやし/hayashi 清水/しみず/shimizu 斎藤/さいとう/saito
山崎/やまざき/yamazaki 森/もり/mori 池田/いけだ/ikeda 橋本/はしもと/hashimoto 阿部/あべ/abe 石川/いしかわ/ishikawa 山下/やました/yamashita 中島/なかじま/nakajima 石井/いしい/ishii 小川/おがわ/ogawa
前田/まえだ/maeda 岡田/おかだ/okada 長谷川/はせがわ/hasegawa 藤田/ふじた/fujita 後藤/ごとう/goto 近藤/こんどう/kondo 村上/むらかみ/murakami 遠藤/えんどう/endo 青木/あおき/aoki 坂本/さかもと/sakamoto
福田/ふくだ/fukuda 太田/おおた/ota 西村/にしむら/nishimura 藤井/ふじい/fujii 岡本/おかもと/okamoto 三浦/みうら/miura 金子/かねこ/kaneko 中野/なかの/nakano 原田/はらだ/harada 松田/まつだ/matsuda
竹内/たけうち/takeuchi 上田/うえだ/ueda 小野/おの/ono 田村/たむら/tamura 宮崎/みやざき/miyazaki 和田/わだ/wada 森田/もりた/morita 石田/いしだ/ishida 柴田/しばた/shibata 酒井/さかい/sakai`);

export const GIVEN = parse(`
太郎/たろう/taro 花子/はなこ/hanako 一郎/いちろう/ichiro 恵子/けいこ/keiko 健一/けんいち/kenichi 直子/なおこ/naoko 誠/まこと/makoto 美咲/みさき/misaki 大輔/だいすけ/daisuke 陽子/ようこ/yoko
翔太/しょうた/shota 由美/ゆみ/yumi 拓也/たくや/takuya 真理/まり/mari 和也/かずや/kazuya 明美/あけみ/akemi 達也/たつや/tatsuya 久美子/くみこ/kumiko 浩/ひろし/hiroshi 香織/かおり/kaori
隆/たかし/takashi 智子/ともこ/tomoko 修/おさむ/osamu 幸子/さちこ/sachiko 剛/つよし/tsuyoshi 裕子/ゆうこ/yuko 哲也/てつや/tetsuya 千尋/ちひろ/chihiro 亮/りょう/ryo 彩/あや/aya
学/まなぶ/manabu 桜/さくら/sakura 勇気/ゆうき/yuki 葵/あおい/aoi 正樹/まさき/masaki 結衣/ゆい/yui 康平/こうへい/kohei 美穂/みほ/miho 直樹/なおき/naoki 恵美/えみ/emi
洋平/ようへい/yohei 紀子/のりこ/noriko 慎吾/しんご/shingo 春香/はるか/haruka 悟/さとる/satoru 優子/ゆうこ/yuuko 昭/あきら/akira 里奈/りな/rina 篤/あつし/atsushi 愛/あい/ai`);
