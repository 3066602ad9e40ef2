/// Surnames that are read otherwise than the same characters elsewhere.
enum PinyinSurname {
    /// The syllables of a surname with a reading of its own, and the rest of the name.
    static func split(_ name: String) -> (surname: [String], given: String) {
        guard name.count > 1 else { return ([], name) }
        let first = String(name.prefix(2))
        if name.count > 2, let reading = self.double[first] { return (reading, String(name.dropFirst(2))) }
        if let reading = self.single[String(name.prefix(1))] { return ([reading], String(name.dropFirst())) }
        return ([], name)
    }

    private static let double: [String: [String]] = [
        "尉迟": ["yu", "chi"], "万俟": ["mo", "qi"], "长孙": ["zhang", "sun"], "澹台": ["tan", "tai"],
        "单于": ["chan", "yu"], "宰父": ["zai", "fu"], "令狐": ["ling", "hu"], "鲜于": ["xian", "yu"],
        "夏侯": ["xia", "hou"], "亓官": ["qi", "guan"], "相里": ["xiang", "li"], "呼延": ["hu", "yan"],
        "皇甫": ["huang", "fu"], "濮阳": ["pu", "yang"], "公冶": ["gong", "ye"], "诸葛": ["zhu", "ge"],
    ]

    private static let single: [String: String] = [
        "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "任": "ren", "区": "ou", "盖": "ge",
        "华": "hua", "朴": "piao", "翟": "zhai", "乐": "yue", "缪": "miao", "覃": "qin", "员": "yun", "折": "she",
        "黑": "he", "召": "shao", "燕": "yan", "冼": "xian", "洗": "xian", "种": "chong", "重": "chong", "繁": "po",
        "句": "gou", "隗": "wei", "祭": "zhai", "秘": "bi", "薄": "bo", "幺": "yao", "都": "du", "车": "che",
        "卜": "bu", "贲": "ben", "纪": "ji", "宁": "ning", "强": "qiang", "葛": "ge", "过": "guo", "那": "na",
        "哈": "ha", "牟": "mou", "能": "nai", "柏": "bai", "谌": "chen", "阚": "kan", "相": "xiang", "行": "xing",
        "令": "ling", "藏": "zang", "干": "gan", "校": "jiao", "角": "jue", "炅": "gui", "粘": "nian", "宿": "su",
        "占": "zhan", "少": "shao", "应": "ying", "尉": "wei", "冯": "feng", "沈": "shen", "石": "shi", "乜": "nie",
        "殷": "yin", "尹": "yin", "长": "chang", "逄": "pang", "适": "kuo", "於": "yu", "丁": "ding", "调": "tiao",
        "貟": "yun", "仉": "zhang", "郗": "xi", "晁": "chao", "莘": "shen", "阙": "que", "佴": "nai", "庹": "tuo",
        "撒": "sa", "厍": "she", "昝": "zan", "訾": "zi", "笮": "ze", "炔": "gui", "巴": "ba", "观": "guan",
    ]
}
