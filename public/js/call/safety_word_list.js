// The 256 words that two people compare, in each language at the same place: who reads English and who reads
// Russian can translate for each other. Things that one can see, and that sound unlike each other.

/** @param {string} text */
const words = text => Object.freeze(text.trim().split(/\s+/));

/** @type {Readonly<Record<import('../i18n/i18n.js').Language, readonly string[]>>} */
export const WORDS = Object.freeze({
  en: words(`
  acorn anchor apple arrow autumn balcony balloon banana barrel basket bear beaver bed bee beetle bell bench bicycle
  birch blanket book boot bottle box bread bridge broom bucket butter butterfly button cabbage cactus camel candle
  carpet carrot castle cat cave chair chalk cheese cherry chicken chimney circle circus city cloud clover coat coffee
  coin comb copper corn cotton cow crab crane crocodile crown crystal cucumber curtain daisy dance deer desert diamond
  dinner doctor dog dolphin donkey door dragon dream drum duck eagle egg elephant engine envelope evening falcon
  feather fence field fire fish flag flame flower flute forest fork fountain fox frog frost garden garlic gate giraffe
  glass glove goat gold goose grape guitar hammer harbor heart hedgehog helmet honey horse house iron island jacket
  jungle kettle key king kitchen knife ladder lake lamp lantern lavender leaf lemon letter library lightning lion
  magnet map market meadow melon milk mirror monkey moon morning mosquito mountain mouse mushroom music nail needle
  nest night notebook nut oak ocean orange orchestra owl palace paper parrot peach pearl pencil penguin pepper piano
  pig pigeon pillow pine pirate plate plum pocket potato rabbit radio rain rainbow raspberry raven rice ring river
  road rocket roof rope rose ruby saddle salt sand school scissors shadow shark sheep silk silver sky sleeve snail
  snake snow soap soup spider spoon spring squirrel star stone storm strawberry street sugar summer sun swan sword
  table tea thunder ticket tiger tomato tower train tree trumpet tulip turtle umbrella valley violin volcano watch
  water wave wheel whistle window winter wolf
  `),
  ru: words(`
  жёлудь якорь яблоко стрела осень балкон шарик банан бочка корзина медведь бобр кровать пчела жук колокол скамейка
  велосипед берёза одеяло книга сапог бутылка коробка хлеб мост метла ведро масло бабочка пуговица капуста кактус
  верблюд свеча ковёр морковь замок кошка пещера стул мел сыр вишня курица труба круг цирк город облако клевер пальто
  кофе монета расчёска медь кукуруза хлопок корова краб журавль крокодил корона кристалл огурец занавес ромашка танец
  олень пустыня алмаз ужин врач собака дельфин осёл дверь дракон сон барабан утка орёл яйцо слон двигатель конверт
  вечер сокол перо забор поле огонь рыба флаг пламя цветок флейта лес вилка фонтан лиса лягушка мороз сад чеснок
  ворота жираф стекло перчатка коза золото гусь виноград гитара молоток гавань сердце ёж шлем мёд лошадь дом железо
  остров куртка джунгли чайник ключ король кухня нож лестница озеро лампа фонарь лаванда лист лимон письмо библиотека
  молния лев магнит карта рынок луг дыня молоко зеркало обезьяна луна утро комар гора мышь гриб музыка гвоздь игла
  гнездо ночь тетрадь орех дуб океан апельсин оркестр сова дворец бумага попугай персик жемчуг карандаш пингвин перец
  пианино свинья голубь подушка сосна пират тарелка слива карман картофель кролик радио дождь радуга малина ворон рис
  кольцо река дорога ракета крыша верёвка роза рубин седло соль песок школа ножницы тень акула овца шёлк серебро небо
  рукав улитка змея снег мыло суп паук ложка весна белка звезда камень буря клубника улица сахар лето солнце лебедь
  меч стол чай гром билет тигр помидор башня поезд дерево горн тюльпан черепаха зонт долина скрипка вулкан часы вода
  волна колесо свисток окно зима волк
  `),
});
