/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The words of carriers, as reply_fold() leaves them: in small letters, without accents. */

#include <string.h>

#include "reply-internal.h"

#define EN REPLY_EN
#define JA REPLY_JA
#define ZH REPLY_ZH
#define TH REPLY_TH
#define ES REPLY_ES
#define PT REPLY_PT
#define DE REPLY_DE
#define FR REPLY_FR
#define ID REPLY_ID
#define VI REPLY_VI
#define PL REPLY_PL
#define RU REPLY_RU

/* One kind's words of one language, with bars between them. */
typedef struct Words {
        ReplyWordKind kind;
        unsigned languages;
        const char *words;
} Words;

static const Words table[] = {
        /* English */
        { REPLY_WORD_LEFT, EN,
          "left|bal|remaining|remain|remains|remainder|available|balance|unused|still have|left over|"
          "not used" },
        { REPLY_WORD_USED, EN, "used|usage|consumed|consumption|spent|used up|data use" },
        { REPLY_WORD_LIMIT, EN,
          "plan|allowance|quota|limit|total|package|bundle|pack|included|includes|tariff|cap|"
          "allocation|daily|monthly|weekly" },
        { REPLY_WORD_TOTAL, EN, "total|in total|altogether|overall|combined" },
        { REPLY_WORD_OF, EN, "of|out of|of your|out of your|from your" },
        { REPLY_WORD_PER, EN,
          "per day|a day|/day|per month|a month|/month|/mo|per week|a week|/week|each day|"
          "every day|each month|every month|/d" },
        { REPLY_WORD_BOUND, EN,
          "less than|fewer than|more than|up to|at least|at most|under|over|below|above|"
          "in excess of|minimum|maximum|<|>" },
        { REPLY_WORD_BOUND_AFTER, EN, "or more|or less|or fewer" },
        { REPLY_WORD_IF, EN,
          "if|once|when|after|exceed|exceeds|exceeding|exceeded|beyond|whenever|will be|reach|"
          "reached|reaches|every" },
        { REPLY_WORD_OFFER, EN,
          "buy|get|offers|to get|purchase|purchased|bought|offer|add|added|order|upgrade|subscribe|subscribed|"
          "win|free|recharge|recharged|top up|topup|top-up|reload|activate|activated|activating|"
          "promo|offered|received|credited|dial|reply|only|extra|enjoy|got|gift|deal|receive|renew" },
        { REPLY_WORD_DATA, EN | ES | PL | ID | DE | PT | FR, "data|internet" },
        { REPLY_WORD_UNTIL, EN,
          "valid until|valid till|valid thru|valid through|valid to|valid up to|expires|expire|"
          "expiry|expiring|expiration|exp|valid|validity|use by|ends on|ends|exp." },
        { REPLY_WORD_UNTIL_DATE, EN, "until|till|til|by|use before|before" },
        { REPLY_WORD_LASTS, EN,
          "valid|validity|valid for|validity of|for the next|for another|good for|usable for|"
          "valid for another|valid for the next" },
        { REPLY_WORD_LASTS_BEFORE, EN, "valid|validity" },
        { REPLY_WORD_NOTHING, EN,
          "valid from|valid as of|as of|be used|to use|can use|used for|you|your|and|the|is|last used|used by|in use|"
          "left the|top up balance|credit balance|account balance|expired" },

        /* Japanese */
        { REPLY_WORD_LEFT, JA,
          "残り|残量|残データ|残高|残容量|残通信量|残っています|残って|残|のこり|ご利用可能|"
          "利用可能|使用可能|利用できる|使える|未使用|利用できます|ご利用できます|"
          "利用いただけます|ご利用いただけます|使えます|ご利用いただける|残データ量|データ残量" },
        { REPLY_WORD_USED, JA,
          "使用量|利用量|使用済み|使用済|利用済み|利用済|ご利用|使用|利用|使った|使いました|消費|"
          "お使い" },
        { REPLY_WORD_LIMIT, JA,
          "プラン|上限|総量|合計|容量|コース|パック|月間|基本データ量|総容量|規定容量" },
        { REPLY_WORD_TOTAL, JA, "合計|総残量|計" },
        { REPLY_WORD_OF_IT, JA, "中|のうち|の内|うち" },
        { REPLY_WORD_PER, JA, "/月|/日|毎月|毎日|/1日|/1か月" },
        { REPLY_WORD_BOUND, JA, "最大|約最大" },
        { REPLY_WORD_BOUND_AFTER, JA, "以上|以下|未満|を超え|超過|超|まで使|まで利用|を切り" },
        { REPLY_WORD_IF, JA,
          "使用後|利用後|ご利用後|超過後|超過時|に達する|に達した|達すると|超えると|超えた|"
          "超える|場合|ごとに|になると|になりますと" },
        { REPLY_WORD_OFFER, JA,
          "購入|追加|チャージ|申込|お申し込み|プレゼント|キャンペーン|進呈|円で|税込|無料|"
          "トッピング|クーポン" },
        { REPLY_WORD_DATA, JA, "データ|通信量|データ通信" },
        { REPLY_WORD_UNTIL, JA,
          "有効期限|利用期限|使用期限|期限|有効期間|ご利用期限|失効日|終了日時|終了日" },
        { REPLY_WORD_UNTIL_BEFORE, JA, "まで|まで使|まで利用|に失効|に期限|に終了|迄" },
        { REPLY_WORD_SINCE_BEFORE, JA, "から|より|以降" },
        { REPLY_WORD_LASTS, JA, "有効期間は|有効期間" },
        { REPLY_WORD_LASTS_BEFORE, JA, "有効" },
        { REPLY_WORD_NOTHING, JA,
          "です|ます|追加容量|追加データ|追加データ量|追加分|お客様|は|の|を|現在|ご利用状況|ご利用ありがとう" },

        /* Chinese, in both scripts */
        { REPLY_WORD_LEFT, ZH,
          "剩余|剩餘|还剩|還剩|剩|余量|餘量|结余|結餘|可用|未使用|尚余|尚餘|可用余额|剩下|"
          "剩余可用|剩余流量|可使用|未用" },
        { REPLY_WORD_USED, ZH,
          "已使用|已用|使用了|已經使用|已经使用|用量|已消耗|消耗|用了|使用|累计使用|共使用|累計使用" },
        { REPLY_WORD_LIMIT, ZH,
          "套餐|总量|總量|总流量|总共|总|總共|總|共|包含|上限|额度|額度|每月|每日|含|月包|日包" },
        { REPLY_WORD_TOTAL, ZH, "共|总|總|总共|總共|合计|合計|总计|總計|共计|共計|总量|總量" },
        { REPLY_WORD_OF_IT, ZH, "之中|中的" },
        { REPLY_WORD_PER, ZH, "/月|/天|/日" },
        { REPLY_WORD_BOUND, ZH, "不足|超过|超過|超出|低于|低於|少于|少於|不到|至少|最多|最高" },
        { REPLY_WORD_BOUND_AFTER, ZH, "以上|以下|以内|以內" },
        { REPLY_WORD_IF, ZH,
          "用完后|用完後|用尽后|达到|達到|后限速|後限速|后降速|後降速|使用后|使用後|之后|之後|"
          "如果|如|每达|时将|時將" },
        { REPLY_WORD_OFFER, ZH,
          "购买|購買|办理|辦理|订购|訂購|赠送|贈送|充值|回复|回覆|优惠|優惠|仅需|僅需|免费|免費|"
          "开通|開通|领取|領取|加油包|推荐|推薦" },
        { REPLY_WORD_DATA, ZH, "流量|数据|數據|上网|上網" },
        { REPLY_WORD_UNTIL, ZH,
          "有效期至|有效期到|有效期|有效期截至|有效期限|到期日|到期时间|到期時間|失效时间|"
          "失效時間|截止日期|使用期限|到期" },
        { REPLY_WORD_UNTIL_DATE, ZH, "至|到" },
        { REPLY_WORD_UNTIL_BEFORE, ZH, "前有效|到期|失效|止|截止|前使用|前可用|前" },
        { REPLY_WORD_SINCE_BEFORE, ZH, "起|以后|以後|之后|之後" },
        { REPLY_WORD_LASTS, ZH, "有效期|有效期为|有效期為|有效期限" },
        { REPLY_WORD_LASTS_BEFORE, ZH, "有效|可用" },
        { REPLY_WORD_NOTHING, ZH,
          "您|的|尊敬|客户|客戶|为|為|您好|截至|截止|截至目前|截止目前|可用于|使用中|使用情况" },

        /* Thai */
        { REPLY_WORD_LEFT, TH, "คงเหลือ|เหลือ|ยังเหลือ|ยอดคงเหลือ|ใช้ได้อีก" },
        { REPLY_WORD_USED, TH, "ใช้ไป|ใช้ไปแล้ว|ใช้แล้ว|ใช้งานไป|ใช้งานแล้ว|ปริมาณการใช้" },
        { REPLY_WORD_LIMIT, TH, "แพ็กเกจ|แพคเกจ|โปร|ทั้งหมด|รวม" },
        { REPLY_WORD_TOTAL, TH, "รวม|ทั้งหมด|รวมทั้งหมด" },
        { REPLY_WORD_OF, TH, "จาก|จากทั้งหมด" },
        { REPLY_WORD_PER, TH, "ต่อวัน|ต่อเดือน|/วัน|/เดือน" },
        { REPLY_WORD_BOUND, TH, "สูงสุด|น้อยกว่า|มากกว่า|ไม่เกิน" },
        { REPLY_WORD_IF, TH, "หลังจาก|เมื่อ|หาก|ถ้า|ครบ|เกิน" },
        { REPLY_WORD_OFFER, TH, "ซื้อ|สมัคร|รับฟรี|ฟรี|เพียง|กด|เติมเงิน|รับ" },
        { REPLY_WORD_DATA, TH, "เน็ต|อินเทอร์เน็ต|ดาต้า" },
        { REPLY_WORD_UNTIL, TH, "หมดอายุ|ใช้ได้ถึง|ใช้ได้ถึงวันที่|ใช้ได้จนถึง|วันหมดอายุ|สิ้นสุด|ใช้งานได้ถึง" },
        { REPLY_WORD_UNTIL_DATE, TH, "ถึง|ถึงวันที่|จนถึง" },
        { REPLY_WORD_LASTS, TH, "ใช้ได้|ใช้งานได้|มีอายุ|อายุ|อายุการใช้งาน" },
        { REPLY_WORD_NOTHING, TH, "คุณ|วันที่|ของ|ท่าน" },

        /* Spanish */
        { REPLY_WORD_LEFT, ES,
          "te quedan|le quedan|quedan|queda|te queda|restantes|restante|disponibles|disponible|"
          "saldo|resta|restan|dispones de|por consumir|sin consumir" },
        { REPLY_WORD_USED, ES,
          "consumido|consumidos|consumo|usado|usados|utilizado|utilizados|gastado|gastados|"
          "has consumido|ha consumido" },
        { REPLY_WORD_LIMIT, ES,
          "plan|tarifa|bono|paquete|total|limite|incluidos|incluye|cuota|contratados|diarios|"
          "mensuales" },
        { REPLY_WORD_TOTAL, ES, "total|en total|total de" },
        { REPLY_WORD_OF, ES, "de|de tus|de los|de un total de|de tu" },
        { REPLY_WORD_PER, ES, "al mes|/mes|al dia|por dia|por mes|/dia" },
        { REPLY_WORD_BOUND, ES, "hasta|menos de|mas de|al menos|maximo|minimo" },
        { REPLY_WORD_IF, ES,
          "si|cuando|despues de|tras|superar|superes|supera|al consumir|superados" },
        { REPLY_WORD_OFFER, ES,
          "compra|contrata|activa|activado|activados|recarga|gratis|regalo|oferta|llevate|"
          "consigue|anade|recibe|recibido|por solo|promocion|envia|marca|comprado|obten" },
        { REPLY_WORD_DATA, ES, "datos|navegar|navegacion" },
        { REPLY_WORD_UNTIL, ES,
          "validos hasta|valido hasta|valida hasta|validas hasta|vence|vencen|caduca|caducan|"
          "expira|vencimiento|caducidad|vigencia|vigente hasta|disponibles hasta|"
          "disponible hasta|fecha de expiracion|caduca el" },
        { REPLY_WORD_UNTIL_DATE, ES, "hasta|hasta el|hasta dia|hasta el dia|antes del" },
        { REPLY_WORD_LASTS, ES,
          "validos por|valido por|validas por|valida por|validos durante|valido durante|vigencia|"
          "vigencia de|validez|validez de|por los proximos|durante los proximos" },
        { REPLY_WORD_NOTHING, ES,
          "valido desde|validos desde|vigente desde|vigencia desde|tu|su|el|los|para|saldo de dinero|dia" },

        /* Portuguese */
        { REPLY_WORD_LEFT, PT,
          "restam|resta|restantes|restante|disponivel|disponiveis|saldo|ainda tem|sobram" },
        { REPLY_WORD_USED, PT,
          "usou|utilizou|consumiu|consumidos|consumido|utilizados|utilizado|usados|usado|gastou|"
          "consumo" },
        { REPLY_WORD_LIMIT, PT, "plano|pacote|franquia|total|limite|tarifario" },
        { REPLY_WORD_TOTAL, PT, "total|no total" },
        { REPLY_WORD_OF, PT, "de|dos|do total de|dos seus|do seu" },
        { REPLY_WORD_BOUND, PT, "ate|mais de|menos de" },
        { REPLY_WORD_IF, PT, "apos|depois de|quando|se" },
        { REPLY_WORD_OFFER, PT,
          "compre|contrate|ganhe|gratis|por apenas|ative|recarregue|recebeu|adicione|oferta" },
        { REPLY_WORD_DATA, PT, "dados|navegar" },
        { REPLY_WORD_UNTIL, PT, "valido ate|validos ate|valida ate|validade|expira|expiram|vence" },
        { REPLY_WORD_UNTIL_DATE, PT, "ate|ate dia|ate ao dia" },
        { REPLY_WORD_LASTS, PT, "valido por|validos por|validade|validade de" },
        { REPLY_WORD_NOTHING, PT, "voce|seu|sua|nao" },

        /* German */
        { REPLY_WORD_LEFT, DE,
          "ubrig|uebrig|verfugbar|verfuegbar|verfugbares|verfuegbares|verbleibend|verbleibende|"
          "verbleibendes|verbleiben|verbleibt|restvolumen|rest|restliches|restlichen|noch|"
          "guthaben|restdatenvolumen|nicht verbraucht|unverbraucht|frei" },
        { REPLY_WORD_USED, DE,
          "verbraucht|verbrauch|genutzt|verbrauchtes|verwendet|aktueller verbrauch|versurft|"
          "aufgebraucht" },
        { REPLY_WORD_LIMIT, DE,
          "tarif|inklusive|inklusivvolumen|gesamt|insgesamt|option|paket|monatlich|taglich|"
          "inkl.|gesamtvolumen|highspeed-volumen" },
        { REPLY_WORD_TOTAL, DE, "insgesamt|gesamt|gesamtvolumen|summe|zusammen" },
        { REPLY_WORD_OF, DE, "von|von ihren|von deinen|von insgesamt|aus|von gesamt" },
        { REPLY_WORD_PER, DE, "pro tag|pro monat|/monat|/tag|im monat|am tag" },
        { REPLY_WORD_BOUND, DE,
          "bis zu|weniger als|mehr als|mindestens|hochstens|unter|uber|ueber|maximal" },
        { REPLY_WORD_IF, DE,
          "nach|ab|wenn|sobald|falls|nachdem|erreicht|erreichen|uberschritten|ueberschritten" },
        { REPLY_WORD_OFFER, DE,
          "buchen|buche|gebucht|kaufen|kaufe|gekauft|aktivieren|aktiviert|hinzugebucht|gratis|"
          "geschenkt|nachbuchen|sichern|aufladen|fur nur|dazubuchen|erhalten|antworte" },
        { REPLY_WORD_DATA, DE, "datenvolumen|daten|volumen|highspeed" },
        { REPLY_WORD_UNTIL, DE,
          "gultig bis|gueltig bis|gultig bis zum|gueltig bis zum|lauft ab|laeuft ab|ablauf|"
          "ablaufdatum|verfallt am|verfaellt am|endet am|gultigkeit|verfallt|ende" },
        { REPLY_WORD_UNTIL_DATE, DE,
          "bis|bis zum|bis einschliesslich|lauft|laeuft|lauft am|laeuft am" },
        { REPLY_WORD_LASTS, DE,
          "gultig|gueltig|gultig fur|gueltig fuer|fur weitere|fuer weitere|fur die nachsten|"
          "fuer die naechsten" },
        { REPLY_WORD_LASTS_BEFORE, DE, "gultig|gueltig|lang gultig|lang gueltig|nutzbar" },
        { REPLY_WORD_NOTHING, DE,
          "gultig ab|gueltig ab|gultig von|gueltig von|sie|haben|ihr|ihre|du|hast|dein|deine|und|der|die|das|ist|noch bis" },

        /* French */
        { REPLY_WORD_LEFT, FR,
          "reste|restant|restants|restante|restantes|disponible|disponibles|solde|il vous reste|"
          "encore|non consommes|non utilises" },
        { REPLY_WORD_USED, FR,
          "consomme|consommes|utilise|utilises|consommation|conso|consommee|utilisee|usage" },
        { REPLY_WORD_LIMIT, FR, "forfait|enveloppe|inclus|total|totale|pass|offre|credit data" },
        { REPLY_WORD_TOTAL, FR, "total|totale|au total" },
        { REPLY_WORD_OF, FR, "sur|sur vos|sur un total de|sur les|sur votre forfait de" },
        { REPLY_WORD_PER, FR, "par mois|par jour|/mois|/jour" },
        { REPLY_WORD_BOUND, FR, "jusqu'a|moins de|plus de|au moins|maximum" },
        { REPLY_WORD_IF, FR, "apres|au-dela de|au-dela|si|quand|lorsque|des que|atteint|depasse" },
        { REPLY_WORD_OFFER, FR,
          "achetez|profitez|ajoutez|rechargez|gratuit|gratuits|offert|offerts|pour seulement|"
          "activez|active|souscrivez|souscrit|souscription|offrir|cadeau|recevez|recu|beneficiez|envoyez" },
        { REPLY_WORD_DATA, FR, "donnees|internet mobile" },
        { REPLY_WORD_UNTIL, FR,
          "valable jusqu'au|valables jusqu'au|valide jusqu'au|valable jusqu'a|expire le|expire|"
          "expirent le|expiration|fin de validite|validite|utilisable jusqu'au|"
          "utilisables jusqu'au|valables jusqu'a" },
        { REPLY_WORD_UNTIL_DATE, FR, "jusqu'au|jusqu'a|jusqu au|jusqu a|avant le" },
        { REPLY_WORD_LASTS, FR,
          "valable|valables|valable pendant|valables pendant|valide|valides|valide pendant|"
          "valides pendant|utilisable pendant|utilisables pendant|validite" },
        { REPLY_WORD_NOTHING, FR,
          "valable du|valables du|valable a partir du|vous|avez|votre|vos|le|la|les|et|est" },

        /* Indonesian, and Malay */
        { REPLY_WORD_LEFT, ID,
          "sisa|tersisa|sisa kuota|tersedia|masih ada|kuota tersisa|baki|sisa pemakaian" },
        { REPLY_WORD_USED, ID, "terpakai|pemakaian|digunakan|telah digunakan|penggunaan" },
        { REPLY_WORD_LIMIT, ID, "kuota|paket|total|kuota utama|had|pakej" },
        { REPLY_WORD_TOTAL, ID, "total|jumlah" },
        { REPLY_WORD_OF, ID, "dari|dari total|daripada" },
        { REPLY_WORD_PER, ID, "per hari|per bulan|/hari|/bulan|/bln|sehari" },
        { REPLY_WORD_BOUND, ID, "hingga|kurang dari|lebih dari|minimal|maksimal" },
        { REPLY_WORD_IF, ID, "setelah|jika|apabila|bila|melebihi|mencapai" },
        { REPLY_WORD_OFFER, ID,
          "beli|dapatkan|aktifkan|gratis|hanya|tambah|promo|mendapatkan|diskon|ketik|"
          "langganan|isi ulang" },
        { REPLY_WORD_UNTIL, ID,
          "berlaku sampai|berlaku hingga|berlaku s/d|masa aktif|aktif s/d|aktif sampai|"
          "aktif hingga|habis masa|berakhir|berlaku|tarikh luput|sah sehingga|masa berlaku" },
        { REPLY_WORD_UNTIL_DATE, ID, "sampai|s/d|s.d.|hingga|sd|sampai dengan|sehingga" },
        { REPLY_WORD_LASTS, ID, "berlaku|berlaku selama|masa aktif|masa berlaku" },
        { REPLY_WORD_NOTHING, ID,
          "berlaku mulai|berlaku sejak|berlaku dari|anda|kamu|yang|dan|untuk|pulsa|tgl|tanggal|dapat digunakan|bisa digunakan" },

        /* Vietnamese */
        { REPLY_WORD_LEFT, VI, "con lai|luu luong con lai|kha dung|du con|data con lai" },
        { REPLY_WORD_USED, VI, "da su dung|da dung|su dung|luu luong da dung|dung het" },
        { REPLY_WORD_LIMIT, VI, "goi|goi cuoc|tong|dung luong|tong dung luong" },
        { REPLY_WORD_TOTAL, VI, "tong|tong cong|tong dung luong" },
        { REPLY_WORD_OF, VI, "tren|tren tong|tren tong so" },
        { REPLY_WORD_PER, VI, "/ngay|/thang|moi ngay|moi thang" },
        { REPLY_WORD_BOUND, VI, "toi da|duoi|tren muc|it hon|hon" },
        { REPLY_WORD_IF, VI, "sau khi|neu|khi|het" },
        { REPLY_WORD_OFFER, VI,
          "mua|mua them|dang ky|tang|mien phi|nhan|khuyen mai|chi voi|soan|uu dai|cong" },
        { REPLY_WORD_DATA, VI, "luu luong|du lieu|dung luong data" },
        { REPLY_WORD_UNTIL, VI,
          "han su dung|han dung|hsd|het han|thoi han|co hieu luc den|su dung den|het han vao|"
          "han su dung den|hieu luc den|ngay het han" },
        { REPLY_WORD_UNTIL_DATE, VI, "den|den ngay|den het ngay|den het|toi ngay" },
        { REPLY_WORD_LASTS, VI,
          "han su dung|han dung|hsd|thoi han|thoi han su dung|hieu luc trong|hieu luc" },
        { REPLY_WORD_NOTHING, VI, "quy khach|ban|cua|ngay|la|va|duoc su dung" },

        /* Polish */
        { REPLY_WORD_LEFT, PL,
          "pozostalo|zostalo|pozostaly|pozostale|dostepne|pozostalo ci|zostalo ci|do wykorzystania|"
          "dostepny|masz jeszcze|pozostaje" },
        { REPLY_WORD_USED, PL, "wykorzystano|zuzyto|wykorzystales|zuzycie|wykorzystane|uzyto" },
        { REPLY_WORD_LIMIT, PL, "pakiet|limit|pakietu|lacznie|w planie" },
        { REPLY_WORD_TOTAL, PL, "lacznie|razem|w sumie" },
        { REPLY_WORD_OF, PL, "z" },
        { REPLY_WORD_BOUND, PL, "mniej niz|wiecej niz|ponad" },
        { REPLY_WORD_IF, PL, "po|jesli|gdy|po wykorzystaniu|po przekroczeniu" },
        { REPLY_WORD_OFFER, PL, "kup|wlacz|aktywuj|odbierz|za darmo|doladuj|tylko|promocja" },
        { REPLY_WORD_DATA, PL, "danych|transferu|dane" },
        { REPLY_WORD_UNTIL, PL, "wazne do|wazny do|wazna do|wygasa|waznosc|do wykorzystania do" },
        { REPLY_WORD_UNTIL_DATE, PL, "do|do dnia" },
        { REPLY_WORD_LASTS, PL, "wazne przez|wazny przez|waznosc|wazne" },
        { REPLY_WORD_NOTHING, PL, "twoj|twoje|masz|konto" },

        /* Russian */
        { REPLY_WORD_LEFT, RU, "осталось|остаток|остатки|доступно|остается|неиспользовано" },
        { REPLY_WORD_USED, RU, "использовано|израсходовано|потрачено|расход|израсходован" },
        { REPLY_WORD_LIMIT, RU, "пакет|тариф|лимит|всего|пакета" },
        { REPLY_WORD_TOTAL, RU, "всего|итого" },
        { REPLY_WORD_OF, RU, "из" },
        { REPLY_WORD_PER, RU, "в день|в месяц|в сутки" },
        { REPLY_WORD_BOUND, RU, "до|более|менее|свыше|больше|меньше" },
        { REPLY_WORD_IF, RU, "после|если|при|когда" },
        { REPLY_WORD_OFFER, RU,
          "подключите|купите|получите|добавьте|бесплатно|подключен|всего за" },
        { REPLY_WORD_DATA, RU, "интернет|интернета|трафика|трафик" },
        { REPLY_WORD_UNTIL, RU,
          "деиствует до|деиствителен до|срок деиствия|истекает|деиствуют до" },
        { REPLY_WORD_UNTIL_DATE, RU, "до" },
        { REPLY_WORD_LASTS, RU, "деиствует|деиствуют|срок деиствия" },
        { REPLY_WORD_NOTHING, RU, "вас|ваш" },
};

/* Of scripts whose words have blanks between them. */
static bool is_spaced(gunichar c) {
        if (!g_unichar_isalpha(c))
                return false;

        switch (g_unichar_get_script(c)) {
        case G_UNICODE_SCRIPT_LATIN:
        case G_UNICODE_SCRIPT_CYRILLIC:
        case G_UNICODE_SCRIPT_GREEK:
                return true;
        default:
                return false;
        }
}

bool reply_is_boundary(gunichar before, gunichar after) {
        return !is_spaced(before) || !is_spaced(after);
}

size_t reply_longest_of(const char *words, const char *text, bool before_digit) {
        size_t longest = 0;

        for (const char *word = words; *word;) {
                size_t n = strcspn(word, "|");

                if (*word == *text && n > longest && strncmp(text, word, n) == 0 &&
                    (before_digit || !g_ascii_isdigit(text[n])) &&
                    reply_is_boundary(g_utf8_get_char(g_utf8_prev_char(text + n)),
                                      g_utf8_get_char(text + n)))
                        longest = n;
                word += n + (word[n] == '|');
        }

        return longest;
}

size_t reply_word_at(const char *text, gunichar before, unsigned *ret_kinds,
                     unsigned *ret_languages) {
        size_t longest = 0;
        unsigned kinds = 0, languages = 0;

        if (!reply_is_boundary(before, g_utf8_get_char(text)))
                return 0;

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                size_t n = reply_longest_of(table[i].words, text, true);

                if (n < longest || n == 0)
                        continue;
                if (n > longest)
                        kinds = languages = 0;
                longest = n;
                kinds |= REPLY_BIT(table[i].kind);
                languages |= table[i].languages;
        }

        if (longest > 0) {
                *ret_kinds = kinds;
                *ret_languages = languages;
        }
        return longest;
}
