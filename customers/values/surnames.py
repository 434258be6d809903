"""Family names whose reading is not the character's usual one, or that a dictionary would draw into a word.

Simplified characters only: names are folded before they are read. Source: REC-18.
"""

_SINGLE = """
单:shan 仇:qiu 曾:zeng 解:xie 查:zha 区:ou 任:ren 盖:ge 乐:yue 朴:piao 翟:zhai 繁:po 秘:bi 冼:xian 洗:xian 缪:miao
宓:mi 覃:qin 折:she 黑:he 盛:sheng 召:shao 员:yun 贠:yun 纪:ji 华:hua 葛:ge 种:chong 阚:kan 阙:que 隗:wei 郇:xun
郗:xi 燕:yan 应:ying 宁:ning 牟:mou 訾:zi 相:xiang 曲:qu 过:guo 谌:chen 逄:pang 车:che 莘:shen 祭:zhai 褚:chu
晁:chao 尉:wei 钭:tou 么:yao 幺:yao 那:na 佴:nai 仉:zhang 亓:qi 柏:bai 薄:bo 卜:bu 石:shi 沈:shen 重:chong 长:chang
行:xing 晟:cheng 于:yu 强:qiang 干:gan 哈:ha 和:he 都:du 降:jiang 炅:gui 撒:sa 适:kuo 便:pian 藏:zang 粘:nian
殷:yin 咸:xian 呙:guo 句:gou 勾:gou 阿:a 六:lu 佟:tong 庹:tuo 禚:zhuo 昝:zan 逯:lu 郄:qie 谷:gu 万:wan 柯:ke
"""
_COMPOUND = """
尉迟:yu-chi 万俟:mo-qi 长孙:zhang-sun 澹台:tan-tai 鲜于:xian-yu 亓官:qi-guan 令狐:ling-hu 夏侯:xia-hou
呼延:hu-yan 赫连:he-lian 皇甫:huang-fu 申屠:shen-tu 公冶:gong-ye 濮阳:pu-yang 宇文:yu-wen 慕容:mu-rong
欧阳:ou-yang 司马:si-ma 司徒:si-tu 司空:si-kong 上官:shang-guan 诸葛:zhu-ge 东方:dong-fang 独孤:du-gu
南宫:nan-gong 端木:duan-mu 公孙:gong-sun 百里:bai-li 淳于:chun-yu 太史:tai-shi 轩辕:xuan-yuan 闻人:wen-ren
钟离:zhong-li 拓跋:tuo-ba 西门:xi-men 纳兰:na-lan
"""

SURNAMES = dict(pair.split(":") for pair in _SINGLE.split())
COMPOUND_SURNAMES = {
    surname: tuple(reading.split("-")) for surname, reading in (pair.split(":") for pair in _COMPOUND.split())
}
