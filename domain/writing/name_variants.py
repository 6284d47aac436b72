"""Characters that name the same person's name in another shape (異体字), as data.

Belongs here: the classes, nothing else. They serve matching and searching only; what is
stored and printed keeps the shape it came in. A clerk confirms every use of this table, so
it is wide on purpose: a class too many costs a look, a class too few costs a false alarm.
Compatibility ideographs (神 U+FA19, 塚 U+FA10) need no entry: NFKC folds them.

Source: 常用漢字表 (2010), the forms in brackets; 戸籍法施行規則別表第二; shapes usual in
surnames.
"""

_OLD_AND_NEW = """
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 鋭銳 悦悅 閲閱 駅驛 円圓 塩鹽 縁緣
応應 欧歐 殴毆 横橫 奥奧 桜櫻 黄黃 温溫 穏穩 仮假 価價 画畫 会會 壊壞 懐懷 絵繪 拡擴 殻殼
覚覺 学學斈 岳嶽 楽樂 勧勸 巻卷 寛寬 歓歡 缶罐 観觀 館舘 関關 陥陷 顔顏 気氣 帰歸 亀龜 偽僞
戯戲 犠犧 拠據 挙擧舉 峡峽 郷鄕 暁曉 区區 駆驅 勲勳 薫薰 恵惠 掲揭 渓溪 経經 継繼 茎莖 蛍螢
軽輕 鶏鷄 撃擊 欠缺 倹儉 剣劍劒 圏圈 検檢 権權 献獻 研硏 県縣 険險 顕顯 験驗 厳嚴 戸戶 広廣
鉱鑛 効效 恒恆 黒黑 国國圀 砕碎 済濟 剤劑 雑雜 桟棧 参參 惨慘 蚕蠶 賛贊 残殘 糸絲 歯齒 児兒
辞辭 湿濕 実實 写寫 釈釋 寿壽 収收 従從 渋澁 獣獸 縦縱 粛肅 処處 将將 称稱 渉涉 焼燒 証證
奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢 慎愼 尽盡
図圖 粋粹 酔醉 穂穗 随隨 髄髓 数數 枢樞 瀬瀨 声聲 静靜 税稅 摂攝 窃竊 説說 専專 戦戰 浅淺
潜潛 銭錢 践踐 繊纖 禅禪 双雙 壮壯 捜搜 挿插 巣巢 争爭 荘莊 装裝 聡聰 総總 騒騷 増增 臓臟
蔵藏 続續 属屬 堕墮 対對 体體 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 担擔 単單 団團 弾彈 断斷 痴癡
遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵 聴聽 鎮鎭 逓遞 鉄鐵 点點 転轉 伝傳 灯燈 党黨 盗盜 当當 闘鬪
稲稻 徳德 独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 廃廢 拝拜 梅楳 売賣 麦麥 発發 髪髮 抜拔 蛮蠻
秘祕 浜濱濵 瓶甁 払拂 仏佛 並竝 併倂 辺邊邉 変變 弁辨瓣辯 歩步 宝寶寳 豊豐 褒襃 翻飜 毎每
万萬 満滿 麺麵 黙默 弥彌 訳譯 薬藥 与與 予豫 余餘 誉譽 揺搖 様樣 謡謠 来來 頼賴 乱亂 覧覽
竜龍 両兩 猟獵 緑綠 塁壘 礼禮 励勵 霊靈 齢齡 暦曆 歴歷 恋戀 炉爐 労勞 郎郞 楼樓 録錄 湾灣
教敎 即卽 既旣 内內 呉吳 尚尙 青靑 清淸 産產 彦彥 曽曾 没沒 娯娛 芸藝 衆眾 強强 郭廓
"""

_SURNAMES_AND_GIVEN_NAMES = """
高髙 崎﨑嵜 吉𠮷 斎齋齊斉 島嶋嶌 冨富 峰峯 桑桒 藪薮籔 鴎鷗 頬頰 槙槇 遥遙 尭堯 晋晉 亘亙
凜凛 巌巖 檜桧 柳栁桺 橋𣘺 船舩 松枩 裏裡 野埜 淵渕渊 園薗 嶺岺 凉涼 柏栢 湧涌 爾尓
祢禰 禄祿 穣穰 簑蓑 苅刈 萌萠 蒋蔣 蝉蟬 讃讚 村邨 醤醬 靭靱 頴穎 餅餠 鯵鰺 鴬鶯 鶴靏靍 麹麴
兎兔 填塡 屏屛 毘毗 祷禱 箪簞 顛顚 灌潅 焔焰 痩瘦 砺礪 篭籠 芦蘆 莱萊 蛎蠣 竪豎 迩邇 鈎鉤
壷壺 嚢囊 嘘噓 剥剝 叱𠮟 掴摑 撹攪 棲栖 涛濤 梼檮 蝋蠟 掻搔 桝枡 秋穐 昇曻 繋繫 鑑鑒
瑤瑶 熙煕凞 曹曺
"""


CLASSES = (*_OLD_AND_NEW.split(), *_SURNAMES_AND_GIVEN_NAMES.split())
"""Each string is one class; its first character stands for all."""

FOLD = {ord(shape): word[0] for word in CLASSES for shape in word[1:]}
"""What ``str.translate`` needs to fold every shape to the first of its class."""
