<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About FIQA Desktop</source>
        <translation>关于 FIQA Desktop</translation>
    </message>
    <message>
        <source>Apache-2.0. Faces stay on this machine: nothing is sent anywhere.</source>
        <translation>Apache-2.0 许可。人脸图像只留在本机：不会发送到任何地方。</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>构建</translation>
    </message>
    <message>
        <source>It brought no licence text; its licence is named at the left.</source>
        <translation>未附许可证文本；其许可证名称见左侧。</translation>
    </message>
    <message>
        <source>Judge, curate and relabel face images by perceptual quality.</source>
        <translation>按感知质量评判、整理和重新标注人脸图像。</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>组件</translation>
    </message>
    <message>
        <source>Qt</source>
        <translation>Qt</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Text of the licence</source>
        <translation>许可证文本</translation>
    </message>
    <message>
        <source>This program</source>
        <translation>本程序</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>What is inside</source>
        <translation>包含的组件</translation>
    </message>
    <message>
        <source>from source</source>
        <translation>由源代码运行</translation>
    </message>
    <message>
        <source>full: every depth of retraining</source>
        <translation>完整版：支持所有训练深度</translation>
    </message>
    <message>
        <source>light: Calibrate and Personalise; Fine-tune and Full are packed for the full build</source>
        <translation>轻量版：支持校准和个性化；微调和完整训练会打包给完整版</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>End</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>End blind mode</source>
        <translation>结束盲评模式</translation>
    </message>
    <message>
        <source>◉ Blind mode: scores and earlier labels are hidden, the order is random.</source>
        <translation>◉ 盲评模式：得分和已有标签均已隐藏，顺序随机。</translation>
    </message>
</context>
<context>
    <name>Browsing</name>
    <message>
        <source>Blind mode: a filter by scores or labels would tell them.</source>
        <translation>盲评模式：按得分或标签筛选会泄露它们。</translation>
    </message>
    <message>
        <source>Name for the filter &apos;{0}&apos;</source>
        <translation>为筛选条件“{0}”命名</translation>
    </message>
    <message>
        <source>Save this view</source>
        <translation>保存此视图</translation>
    </message>
    <message>
        <source>every image</source>
        <translation>全部图像</translation>
    </message>
</context>
<context>
    <name>CalibrationView</name>
    <message>
        <source>Fitted to {0} labels in {1} groups by {2}; it changes no order.</source>
        <translation>以{2}拟合到 {1} 个组的 {0} 个标签；不改变排序。</translation>
    </message>
    <message>
        <source>Leave all as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Use this calibration</source>
        <translation>使用此校准</translation>
    </message>
    <message>
        <source>With fewer than nine groups the interval is the whole scale: label more people.</source>
        <translation>不足九个组时区间就是整个分制：请标注更多人物。</translation>
    </message>
    <message>
        <source>a logistic curve</source>
        <translation>逻辑斯谛曲线</translation>
    </message>
    <message>
        <source>a straight line</source>
        <translation>直线</translation>
    </message>
    <message>
        <source>steps that never fall</source>
        <translation>单调不减的阶梯</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Loading…</source>
        <translation>正在载入…</translation>
    </message>
</context>
<context>
    <name>CheatSheet</name>
    <message>
        <source>All keys</source>
        <translation>所有按键</translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation>更改按键…</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Single keys act while faces have the focus, never while you type.</source>
        <translation>单个按键只在焦点位于人脸时起作用，输入文字时从不起作用。</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>Compare two faces</source>
        <translation>比较两张人脸</translation>
    </message>
</context>
<context>
    <name>ComparisonPage</name>
    <message>
        <source>A click on a point shows its face.</source>
        <translation>单击一个点可显示其人脸。</translation>
    </message>
    <message>
        <source>Face of the chosen point</source>
        <translation>所选点的人脸</translation>
    </message>
    <message>
        <source>In the library: chosen in the gallery.</source>
        <translation>在标注库中：已在图库中选中。</translation>
    </message>
    <message>
        <source>MOS {0}, {1} {2}</source>
        <translation>MOS {0}，{1} {2}</translation>
    </message>
    <message>
        <source>Not in this library: shown from its file.</source>
        <translation>不在此标注库中：直接从文件显示。</translation>
    </message>
    <message>
        <source>Systems</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>What is said of the comparison</source>
        <translation>比较的说明</translation>
    </message>
</context>
<context>
    <name>ComparisonWindow</name>
    <message>
        <source>A comparison puts systems side by side on labels that none of them has seen: correlations with their intervals, cost, and every face behind a point.

Open the folder that &apos;fiqa benchmark&apos; wrote, or compare NIQE, BRISQUE and the sanity floors on the labels of this library (minutes; it goes on while you work).</source>
        <translation>比较把各系统并排放在它们都没见过的标签上：相关系数及其区间、开销，以及每个点对应的人脸。

请打开 fiqa benchmark 写出的文件夹，或在此标注库的标签上比较 NIQE、BRISQUE 和基准下限（需数分钟，期间可继续工作）。</translation>
    </message>
    <message>
        <source>Command for the whole table</source>
        <translation>生成整张表的命令</translation>
    </message>
    <message>
        <source>Compare on these labels</source>
        <translation>在这些标签上比较</translation>
    </message>
    <message>
        <source>Comparing NIQE, BRISQUE and the floors…</source>
        <translation>正在比较 NIQE、BRISQUE 和基准下限…</translation>
    </message>
    <message>
        <source>Comparison of systems</source>
        <translation>系统比较</translation>
    </message>
    <message>
        <source>NIQE, BRISQUE and the sanity floors, fitted on split train, judged on split test</source>
        <translation>NIQE、BRISQUE 和基准下限，在训练划分上拟合，在测试划分上评判</translation>
    </message>
    <message>
        <source>No comparison is open.</source>
        <translation>没有打开的比较。</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>The folder that &apos;fiqa benchmark&apos; wrote</source>
        <translation>fiqa benchmark 写出的文件夹</translation>
    </message>
    <message>
        <source>The page that the comparison wrote, in the browser</source>
        <translation>在浏览器中打开比较写出的页面</translation>
    </message>
    <message>
        <source>The whole table, with the networks, takes hours. In a terminal:</source>
        <translation>包含各网络的整张表需数小时。请在终端中运行：</translation>
    </message>
</context>
<context>
    <name>Comparisons</name>
    <message>
        <source>Open a comparison</source>
        <translation>打开比较</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>A fault of the program</source>
        <translation>程序出错</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Save diagnostics…</source>
        <translation>保存诊断信息…</translation>
    </message>
    <message>
        <source>You can go on working. If something looks wrong, close the window and open it again. To have it mended, save the diagnostics and give the file to whoever looks after the program; names of files and people are left out, and nothing is sent by itself.</source>
        <translation>您可以继续工作。如果有异常，请关闭窗口后重新打开。如需修复，请保存诊断信息并将文件交给程序的维护者；其中不含文件名和人名，也不会自动发送任何内容。</translation>
    </message>
    <message>
        <source>{0} faults so far; all are under Details.</source>
        <translation>目前已有 {0} 个错误；全部列在“详情”中。</translation>
    </message>
</context>
<context>
    <name>CurveMenu</name>
    <message>
        <source>A running mean (weight {0}) before the raw values, which stay. Not below 10 points.</source>
        <translation>在原始值之上叠加滑动平均（权重 {0}），原始值保留。不足 10 个点时不平滑。</translation>
    </message>
    <message>
        <source>Raw values</source>
        <translation>原始值</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>另存为 PNG…</translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation>另存为 SVG…</translation>
    </message>
    <message>
        <source>Save the numbers as CSV…</source>
        <translation>将数值保存为 CSV…</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Smooth a little</source>
        <translation>轻度平滑</translation>
    </message>
    <message>
        <source>Smooth much</source>
        <translation>强平滑</translation>
    </message>
    <message>
        <source>Smoothing, zoom and export of the curves</source>
        <translation>曲线的平滑、缩放与导出</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Write TensorBoard files…</source>
        <translation>写出 TensorBoard 文件…</translation>
    </message>
</context>
<context>
    <name>CurvePlot</name>
    <message>
        <source>What this plot shows</source>
        <translation>此图显示的内容</translation>
    </message>
    <message>
        <source>Wheel or drag to look closer, double-click to see all.</source>
        <translation>滚轮或拖动可放大，双击显示全部。</translation>
    </message>
    <message>
        <source>epoch {0}</source>
        <translation>第 {0} 轮</translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation>第 {0} 步</translation>
    </message>
</context>
<context>
    <name>CurveSaving</name>
    <message>
        <source>Cannot write {0}: {1}.</source>
        <translation>无法写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>Folder for TensorBoard files</source>
        <translation>TensorBoard 文件的文件夹</translation>
    </message>
    <message>
        <source>Save the curves</source>
        <translation>保存曲线</translation>
    </message>
    <message>
        <source>TensorBoard files lie in {0}.</source>
        <translation>TensorBoard 文件位于 {0}。</translation>
    </message>
    <message>
        <source>The curves are saved as {0}.</source>
        <translation>曲线已保存为 {0}。</translation>
    </message>
    <message>
        <source>the picture cannot be written there</source>
        <translation>无法在该处写入图片</translation>
    </message>
</context>
<context>
    <name>CurvesView</name>
    <message>
        <source>How well the scores agree with the labels of other people: SRCC and KRCC by rank, PLCC by value; 1 is best. RMSE is how far they are from the labels, on the scale 0 to 1; 0 is best.</source>
        <translation>得分与未参与训练人物的标签的一致程度：SRCC 和 KRCC 看排序，PLCC 看数值，1 为最佳。RMSE 是在 0 到 1 分制上与标签的偏差，0 为最佳。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>PLCC loss</source>
        <translation>PLCC 损失</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>分量</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Valid.</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>active model</source>
        <translation>当前模型</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>valid.</source>
        <translation>验证</translation>
    </message>
</context>
<context>
    <name>DepthList</name>
    <message>
        <source>A large teacher learns, labels faces without a label, and teaches a new student.</source>
        <translation>先训练大型教师模型，由它为无标签人脸打伪标签，再教出新的学生模型。</translation>
    </message>
    <message>
        <source>Advised from {0} labels.</source>
        <translation>建议至少有 {0} 个标签。</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>Fits the scores of {0} to your scale and gives each an interval. The order stays.</source>
        <translation>将 {0} 的得分拟合到您的分制，并为每个得分给出区间。排序不变。</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整训练</translation>
    </message>
    <message>
        <source>Gives {0} a new last layer that follows your taste; what it sees stays the same.</source>
        <translation>为 {0} 换上符合您判断的新末层；特征提取部分不变。</translation>
    </message>
    <message>
        <source>Personalise</source>
        <translation>个性化</translation>
    </message>
    <message>
        <source>The whole network of {0} learns on from your labels.</source>
        <translation>{0} 的整个网络在您的标签上继续学习。</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>could not be measured</source>
        <translation>无法测得</translation>
    </message>
    <message>
        <source>measured when chosen</source>
        <translation>选择后测量</translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation>正在测量…</translation>
    </message>
    <message>
        <source>on another machine</source>
        <translation>在另一台机器上</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>该模型</translation>
    </message>
    <message>
        <source>{0}  (recommended)</source>
        <translation>{0}（推荐）</translation>
    </message>
    <message>
        <source>{0} memory</source>
        <translation>内存 {0}</translation>
    </message>
    <message>
        <source>{0} on disk</source>
        <translation>磁盘 {0}</translation>
    </message>
    <message>
        <source>{0} on this machine</source>
        <translation>{0}在本机上的开销</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Include names of files, folders and people</source>
        <translation>包含文件名、文件夹名和人名</translation>
    </message>
    <message>
        <source>One zip file for whoever looks after the program: versions, the log of the window, your settings, this machine, and how the last trainings stand. No image, no score and no label goes in, and nothing is sent.</source>
        <translation>供程序维护者使用的一个 zip 文件：版本、窗口日志、您的设置、本机信息以及最近几次训练的状态。不含图像、得分和标签，也不会发送任何内容。</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>保存诊断信息</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Without them each name is replaced by a token that is the same wherever that name stands.</source>
        <translation>不包含时，每个名称都替换为一个代号，同一名称处处相同。</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Browse</source>
        <translation>浏览</translation>
    </message>
    <message>
        <source>Image and label</source>
        <translation>图像与标签</translation>
    </message>
    <message>
        <source>The panels below tell scores and labels: they come back when blind mode ends.</source>
        <translation>下方面板会泄露得分和标签：盲评模式结束后恢复。</translation>
    </message>
    <message>
        <source>Training, models, problems</source>
        <translation>训练、模型、问题</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Clear the filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Folders inside are read too.</source>
        <translation>也会读取其中的子文件夹。</translation>
    </message>
    <message>
        <source>JPEG, PNG, WebP, TIFF, BMP, GIF, JPEG 2000, AVIF and HEIC are read, in folders inside too.</source>
        <translation>可读取 JPEG、PNG、WebP、TIFF、BMP、GIF、JPEG 2000、AVIF 和 HEIC，包括子文件夹中的图像。</translation>
    </message>
    <message>
        <source>Look at sample faces</source>
        <translation>查看示例人脸</translation>
    </message>
    <message>
        <source>Looking for images…</source>
        <translation>正在查找图像…</translation>
    </message>
    <message>
        <source>No image matches these filters</source>
        <translation>没有符合这些筛选条件的图像</translation>
    </message>
    <message>
        <source>Open a folder of face images</source>
        <translation>打开一个人脸图像文件夹</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Or drop one here. Images are never copied, renamed or changed; nothing leaves this machine.</source>
        <translation>或将文件夹拖到此处。图像不会被复制、重命名或更改；任何内容都不会离开本机。</translation>
    </message>
    <message>
        <source>The view, the filter box, the brush over the scores and the folder narrow what is shown.</source>
        <translation>视图、筛选框、分数直方图上的范围以及文件夹会限制显示的内容。</translation>
    </message>
    <message>
        <source>There are no images in this folder</source>
        <translation>此文件夹中没有图像</translation>
    </message>
</context>
<context>
    <name>ExactValue</name>
    <message>
        <source>Exact MOS</source>
        <translation>精确 MOS</translation>
    </message>
    <message>
        <source>MOS</source>
        <translation>MOS</translation>
    </message>
    <message>
        <source>Worst and best value of this library&apos;s scale (Preferences)</source>
        <translation>此标注库分制的最差值和最佳值（首选项）</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Everything in force that people said; can be imported elsewhere without loss.</source>
        <translation>包含所有有效的人工标注；可在别处无损导入。</translation>
    </message>
    <message>
        <source>Export labels</source>
        <translation>导出标签</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Not taken along: {0}.</source>
        <translation>不包含：{0}。</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Scale: {0}</source>
        <translation>分制：{0}</translation>
    </message>
    <message>
        <source>{0} (worst) to {1} (best)</source>
        <translation>{0}（最差）到 {1}（最好）</translation>
    </message>
</context>
<context>
    <name>ExtraScores</name>
    <message>
        <source>A fitted baseline</source>
        <translation>已拟合的基线</translation>
    </message>
    <message>
        <source>Fitted baselines (baseline.json *.npz)</source>
        <translation>已拟合的基线 (baseline.json *.npz)</translation>
    </message>
    <message>
        <source>{0}: {1} of {2} computed</source>
        <translation>{0}：已计算 {1}/{2}</translation>
    </message>
</context>
<context>
    <name>FactsView</name>
    <message>
        <source>All images of one person or group are on one side, so nobody is judged on a face it learned.</source>
        <translation>同一人物或组的所有图像都在同一侧，因此不会用学过的人脸来评判模型。</translation>
    </message>
    <message>
        <source>Chooses the best epoch on</source>
        <translation>选择最佳轮次所用</translation>
    </message>
    <message>
        <source>Judged on, held out</source>
        <translation>留出评判</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Learns from</source>
        <translation>学习自</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>未采用</translation>
    </message>
    <message>
        <source>Not used</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>People unknown for {0} images: each stands for its own group.</source>
        <translation>有 {0} 张图像人物未知：各自成组。</translation>
    </message>
    <message>
        <source>So few groups are divided by quota: images may change sides as labels are added.</source>
        <translation>组数太少，按配额划分：标签增加后图像可能换侧。</translation>
    </message>
    <message>
        <source>groups</source>
        <translation>组</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>people</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>{0} flagged reject or unsure</source>
        <translation>{0} 张标记为拒用或存疑</translation>
    </message>
    <message>
        <source>{0} images of {1} {2}</source>
        <translation>{0} 张图像，{1} 个{2}</translation>
    </message>
    <message>
        <source>{0} labelled images of {1} {2}</source>
        <translation>{0} 张已标注图像，{1} 个{2}</translation>
    </message>
    <message>
        <source>{0} no longer there</source>
        <translation>{0} 张已不存在</translation>
    </message>
    <message>
        <source>{0} unreadable</source>
        <translation>{0} 张无法读取</translation>
    </message>
    <message>
        <source>{0} without a label</source>
        <translation>{0} 张无标签</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>&apos;{0}&apos; is no folder, table or model.</source>
        <translation>“{0}”不是文件夹、表格或模型。</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Calibrators (*.json)</source>
        <translation>校准文件 (*.json)</translation>
    </message>
    <message>
        <source>Import labels</source>
        <translation>导入标签</translation>
    </message>
    <message>
        <source>Label files ({0});;All files (*)</source>
        <translation>标签文件 ({0});;所有文件 (*)</translation>
    </message>
    <message>
        <source>Model bundles (*.onnx)</source>
        <translation>模型包 (*.onnx)</translation>
    </message>
    <message>
        <source>Open a folder of face images</source>
        <translation>打开人脸图像文件夹</translation>
    </message>
    <message>
        <source>The labels of 1 image are exported.</source>
        <translation>已导出 1 张图像的标签。</translation>
    </message>
    <message>
        <source>The labels of {0} images are exported.</source>
        <translation>已导出 {0} 张图像的标签。</translation>
    </message>
    <message>
        <source>Use a calibrator file</source>
        <translation>使用校准文件</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>All faces ({0})</source>
        <translation>所有人脸（{0}）</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Filter ({0}); Esc clears</source>
        <translation>筛选（{0}）；按 Esc 清除</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Highest first</source>
        <translation>从高到低</translation>
    </message>
    <message>
        <source>Keep this filter and sort under a name ({0})</source>
        <translation>命名并保存此筛选与排序（{0}）</translation>
    </message>
    <message>
        <source>Learn from the labels ({0})</source>
        <translation>从标签学习（{0}）</translation>
    </message>
    <message>
        <source>Loupe</source>
        <translation>大图</translation>
    </message>
    <message>
        <source>Lowest first</source>
        <translation>从低到高</translation>
    </message>
    <message>
        <source>MOS</source>
        <translation>MOS</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Number of ratings</source>
        <translation>评分数</translation>
    </message>
    <message>
        <source>One face, large ({0})</source>
        <translation>单张人脸大图（{0}）</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Retrain…</source>
        <translation>重新训练…</translation>
    </message>
    <message>
        <source>Save this view</source>
        <translation>保存此视图</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>清晰度</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Sort again, and let go of what no longer matches</source>
        <translation>重新排序，并移走不再符合筛选的图像</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>排序依据</translation>
    </message>
    <message>
        <source>Spread of ratings</source>
        <translation>评分离散度</translation>
    </message>
    <message>
        <source>Suspicion</source>
        <translation>可疑度</translation>
    </message>
    <message>
        <source>Tile size</source>
        <translation>缩略图大小</translation>
    </message>
    <message>
        <source>Tile size (Ctrl + wheel)</source>
        <translation>缩略图大小（Ctrl + 滚轮）</translation>
    </message>
    <message>
        <source>Two faces side by side ({0})</source>
        <translation>两张人脸并排（{0}）</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>character {0}</source>
        <translation>第 {0} 个字符</translation>
    </message>
    <message>
        <source>{0} changed: sort again</source>
        <translation>{0} 项已变：重新排序</translation>
    </message>
    <message>
        <source>|MOS − score|</source>
        <translation>|MOS − 得分|</translation>
    </message>
    <message>
        <source>↻ {0} changed</source>
        <translation>↻ {0} 项已变</translation>
    </message>
</context>
<context>
    <name>FilterBox</name>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filter, e.g. mos:&lt;0.3</source>
        <translation>筛选，例如 mos:&lt;0.3</translation>
    </message>
    <message>
        <source>How the filter may go on</source>
        <translation>筛选条件的补全</translation>
    </message>
</context>
<context>
    <name>FolderTree</name>
    <message>
        <source>All folders</source>
        <translation>所有文件夹</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
</context>
<context>
    <name>ForeignDialog</name>
    <message>
        <source>&apos;{0}&apos; does not say how it wants its pictures. Look it up where the model comes from: a wrong value gives scores that look right and are not. All of it is written on the model&apos;s card.</source>
        <translation>“{0}”没有说明需要怎样的图片。请到模型出处查明：填错一个值，得分看似正确，其实不然。所填内容都会写入模型卡。</translation>
    </message>
    <message>
        <source>0 to 1</source>
        <translation>0 到 1</translation>
    </message>
    <message>
        <source>0 to 255</source>
        <translation>0 到 255</translation>
    </message>
    <message>
        <source>A deviation of 0 cannot divide.</source>
        <translation>标准差为 0 时无法相除。</translation>
    </message>
    <message>
        <source>A foreign model</source>
        <translation>外部模型</translation>
    </message>
    <message>
        <source>Add the model</source>
        <translation>添加此模型</translation>
    </message>
    <message>
        <source>Deviation (red, green, blue)</source>
        <translation>标准差（红、绿、蓝）</translation>
    </message>
    <message>
        <source>Its worst and its best value</source>
        <translation>其最差值和最佳值</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Mean (red, green, blue)</source>
        <translation>均值（红、绿、蓝）</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Order of colours</source>
        <translation>颜色顺序</translation>
    </message>
    <message>
        <source>Output that is the score</source>
        <translation>作为得分的输出</translation>
    </message>
    <message>
        <source>Picture side</source>
        <translation>图片边长</translation>
    </message>
    <message>
        <source>Pixel values</source>
        <translation>像素值</translation>
    </message>
    <message>
        <source>Tensor of the features</source>
        <translation>特征张量</translation>
    </message>
    <message>
        <source>The model needs a name.</source>
        <translation>模型需要名称。</translation>
    </message>
    <message>
        <source>The worst and the best value are the same.</source>
        <translation>最差值与最佳值相同。</translation>
    </message>
    <message>
        <source>as its makers state it</source>
        <translation>按其作者的声明</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>found by itself</source>
        <translation>自动识别</translation>
    </message>
    <message>
        <source>green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>worst</source>
        <translation>最差</translation>
    </message>
</context>
<context>
    <name>ForgetDialog</name>
    <message>
        <source>Backups from before that hold them, and can be removed too: {0}.</source>
        <translation>仍含有它们、也可一并删除的旧备份：{0} 个。</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>遗忘</translation>
    </message>
    <message>
        <source>Forget 1 image</source>
        <translation>遗忘 1 张图像</translation>
    </message>
    <message>
        <source>Forget images</source>
        <translation>遗忘图像</translation>
    </message>
    <message>
        <source>Forget person</source>
        <translation>遗忘人物</translation>
    </message>
    <message>
        <source>Forget {0} images</source>
        <translation>遗忘 {0} 张图像</translation>
    </message>
    <message>
        <source>Model {0}</source>
        <translation>模型 {0}</translation>
    </message>
    <message>
        <source>Remove these backups too</source>
        <translation>同时删除这些备份</translation>
    </message>
    <message>
        <source>Remove this backup too</source>
        <translation>同时删除此备份</translation>
    </message>
    <message>
        <source>Stored list {0}</source>
        <translation>已存清单 {0}</translation>
    </message>
    <message>
        <source>Stored training lists in &apos;snapshots&apos; name them: {0}.</source>
        <translation>“snapshots”中提到它们的训练列表：{0} 个。</translation>
    </message>
    <message>
        <source>These lists cannot be read, so nobody knows: {0}.</source>
        <translation>以下列表无法读取，因此无从得知：{0}。</translation>
    </message>
    <message>
        <source>Thumbnails, cached pixels and features go too. The image files stay.</source>
        <translation>缩略图、缓存的像素和特征也会删除。图像文件保留。</translation>
    </message>
    <message>
        <source>Training {0}</source>
        <translation>训练 {0}</translation>
    </message>
    <message>
        <source>Trainings and models that used the images</source>
        <translation>用过这些图像的训练和模型</translation>
    </message>
    <message>
        <source>Trainings and models that used them, and are left as they are:</source>
        <translation>用过它们的训练和模型，保持不变：</translation>
    </message>
    <message>
        <source>Trainings used them and keep their lists, and so does what was packed of them for another machine, images included: {0}.</source>
        <translation>使用过它们并保留其列表的训练：{0} 个；为其他机器打包的内容（包括图像）也仍含有它们。</translation>
    </message>
    <message>
        <source>Will be forgotten: images: {0}, label events: {1}, scores: {2}.</source>
        <translation>将被遗忘：图像 {0} 张，标签记录 {1} 条，得分 {2} 个。</translation>
    </message>
    <message>
        <source>⚠ This cannot be undone.</source>
        <translation>⚠ 此操作无法撤销。</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Gallery</source>
        <translation>图库</translation>
    </message>
</context>
<context>
    <name>GateView</name>
    <message>
        <source>Active</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Back to the former model</source>
        <translation>恢复先前的模型</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Do its values follow the labels in a straight line? 1 is best.</source>
        <translation>其数值与标签是否成线性关系？1 为最佳。</translation>
    </message>
    <message>
        <source>Do you want it all the same?</source>
        <translation>仍要使用吗？</translation>
    </message>
    <message>
        <source>Does it rank the images as the labels do? 1 is best.</source>
        <translation>其对图像的排序是否与标签一致？1 为最佳。</translation>
    </message>
    <message>
        <source>How far its values are from the labels, on the scale 0 to 1; 0 is best.</source>
        <translation>其数值与标签的偏差，0 到 1 分制；0 为最佳。</translation>
    </message>
    <message>
        <source>Its scores were kept; they are shown again at once.</source>
        <translation>其得分均已保留，会立即重新显示。</translation>
    </message>
    <message>
        <source>Keep the active one</source>
        <translation>保留当前模型</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新</translation>
    </message>
    <message>
        <source>On this machine: {0}.</source>
        <translation>在本机上：{0}。</translation>
    </message>
    <message>
        <source>Speed on this machine: being measured.</source>
        <translation>本机速度：正在测量。</translation>
    </message>
    <message>
        <source>The active model stays. The new one can still be used from here.</source>
        <translation>保留当前模型。之后仍可在此启用新模型。</translation>
    </message>
    <message>
        <source>The new model is in use</source>
        <translation>新模型已启用</translation>
    </message>
    <message>
        <source>The run has judged no labelled images.</source>
        <translation>此次训练没有评判任何已标注图像。</translation>
    </message>
    <message>
        <source>Use the new model</source>
        <translation>使用新模型</translation>
    </message>
    <message>
        <source>Use the worse model all the same</source>
        <translation>仍使用较差的模型</translation>
    </message>
    <message>
        <source>active</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新</translation>
    </message>
    <message>
        <source>{0}: {1} ms a picture on one core, {2}</source>
        <translation>{0}：单核每张 {1} 毫秒，{2}</translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>Drag the two handles to show only scores in between. Double-click to show all.</source>
        <translation>拖动两个滑块，只显示其间的得分。双击显示全部。</translation>
    </message>
    <message>
        <source>Score range</source>
        <translation>得分范围</translation>
    </message>
    <message>
        <source>{0} not scored</source>
        <translation>{0} 张未打分</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Correction</source>
        <translation>校正</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>From</source>
        <translation>原值</translation>
    </message>
    <message>
        <source>Imported label</source>
        <translation>导入标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>To</source>
        <translation>新值</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>blind</source>
        <translation>盲评</translation>
    </message>
    <message>
        <source>by redo</source>
        <translation>经重做</translation>
    </message>
    <message>
        <source>by undo</source>
        <translation>经撤销</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>已撤销</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Blind mode: the history is hidden.</source>
        <translation>盲评模式：历史已隐藏。</translation>
    </message>
    <message>
        <source>Choose an image: what was done to it is listed here.</source>
        <translation>请选择图像：此处列出对它的操作。</translation>
    </message>
    <message>
        <source>History of the image</source>
        <translation>图像历史</translation>
    </message>
    <message>
        <source>{0}: 1 entry.</source>
        <translation>{0}：1 条记录。</translation>
    </message>
    <message>
        <source>{0}: nobody has labelled it yet.</source>
        <translation>{0}：尚无人标注。</translation>
    </message>
    <message>
        <source>{0}: {1} entries, the newest first.</source>
        <translation>{0}：{1} 条记录，最新的在前。</translation>
    </message>
</context>
<context>
    <name>ImageFacts</name>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>Extra score</source>
        <translation>附加得分</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>ISO</source>
        <translation>ISO</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>镜头</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>光照</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>清晰度</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>A value v becomes {0}</source>
        <translation>数值 v 换算为 {0}</translation>
    </message>
    <message>
        <source>Another label is there</source>
        <translation>已有其他标签</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Image named twice</source>
        <translation>图像重复出现</translation>
    </message>
    <message>
        <source>Image names in &apos;{0}&apos;, scores in &apos;{1}&apos;</source>
        <translation>图像名取自“{0}”，分数取自“{1}”</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Import 1 label</source>
        <translation>导入 1 个标签</translation>
    </message>
    <message>
        <source>Import labels from {0}</source>
        <translation>从 {0} 导入标签</translation>
    </message>
    <message>
        <source>Import {0} labels</source>
        <translation>导入 {0} 个标签</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Lines that need a look</source>
        <translation>需要查看的行</translation>
    </message>
    <message>
        <source>More than one image</source>
        <translation>对应多张图像</translation>
    </message>
    <message>
        <source>No number</source>
        <translation>不是数字</translation>
    </message>
    <message>
        <source>No such image</source>
        <translation>无此图像</translation>
    </message>
    <message>
        <source>No value</source>
        <translation>无数值</translation>
    </message>
    <message>
        <source>Outside the scale</source>
        <translation>超出分制</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>What is the matter</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}.</source>
        <translation>{0}，{1}：{2}。</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}。</translation>
    </message>
    <message>
        <source>… and {0} more</source>
        <translation>… 另有 {0} 项</translation>
    </message>
</context>
<context>
    <name>ImportForm</name>
    <message>
        <source>(found automatically)</source>
        <translation>（自动查找）</translation>
    </message>
    <message>
        <source>(recognised automatically)</source>
        <translation>（自动识别）</translation>
    </message>
    <message>
        <source>0 worst to 1 best</source>
        <translation>0 最差，1 最佳</translation>
    </message>
    <message>
        <source>0 worst to 100 best</source>
        <translation>0 最差，100 最佳</translation>
    </message>
    <message>
        <source>1 worst to 5 best</source>
        <translation>1 最差，5 最佳</translation>
    </message>
    <message>
        <source>Best value</source>
        <translation>最佳值</translation>
    </message>
    <message>
        <source>Image names in</source>
        <translation>图像名所在列</translation>
    </message>
    <message>
        <source>JOD, each scene on its own</source>
        <translation>JOD，各场景独立</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Match by</source>
        <translation>匹配方式</translation>
    </message>
    <message>
        <source>Rater</source>
        <translation>评分者</translation>
    </message>
    <message>
        <source>Scale of the file</source>
        <translation>文件的分制</translation>
    </message>
    <message>
        <source>Scores in</source>
        <translation>分数所在列</translation>
    </message>
    <message>
        <source>Where labels differ</source>
        <translation>标签不一致时</translation>
    </message>
    <message>
        <source>Worst value</source>
        <translation>最差值</translation>
    </message>
    <message>
        <source>add the file as one more rater</source>
        <translation>将文件作为另一位评分者加入</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>content (sha256)</source>
        <translation>内容 (sha256)</translation>
    </message>
    <message>
        <source>file name</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>file name without extension</source>
        <translation>不含扩展名的文件名</translation>
    </message>
    <message>
        <source>keep the label that is there</source>
        <translation>保留已有标签</translation>
    </message>
    <message>
        <source>named after the label set</source>
        <translation>以标签集命名</translation>
    </message>
    <message>
        <source>other…</source>
        <translation>其他…</translation>
    </message>
    <message>
        <source>path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>path, then name, then name without extension</source>
        <translation>依次按路径、文件名、不含扩展名的文件名</translation>
    </message>
    <message>
        <source>take the one from the file</source>
        <translation>采用文件中的标签</translation>
    </message>
    <message>
        <source>the layout&apos;s own</source>
        <translation>格式自带</translation>
    </message>
    <message>
        <source>worst</source>
        <translation>最差</translation>
    </message>
    <message>
        <source>z-score</source>
        <translation>z 分数</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>操作及其按键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>改用</translation>
    </message>
    <message>
        <source>{0} already means &apos;{1}&apos;, which would lose it.</source>
        <translation>{0} 已用于“{1}”，改用后它将失去此键。</translation>
    </message>
    <message>
        <source>{0} moves between images and cannot mean something else.</source>
        <translation>{0} 用于在图像间移动，不能另作他用。</translation>
    </message>
</context>
<context>
    <name>Labelling</name>
    <message>
        <source>Choose an image first.</source>
        <translation>请先选择图像。</translation>
    </message>
    <message>
        <source>Choose one image: each has a score of its own.</source>
        <translation>请只选一张图像：每张的得分各不相同。</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>That is the end of the scale.</source>
        <translation>已到分制的尽头。</translation>
    </message>
    <message>
        <source>That was the last image.</source>
        <translation>这是最后一张图像。</translation>
    </message>
    <message>
        <source>The image is still loading: nothing was labelled.</source>
        <translation>图像仍在载入：未作标注。</translation>
    </message>
    <message>
        <source>The score is hidden, so it cannot be accepted: give your own opinion.</source>
        <translation>得分已隐藏，无法采纳：请给出您自己的意见。</translation>
    </message>
    <message>
        <source>There is no face without a label in that direction.</source>
        <translation>这个方向上没有未标注的人脸。</translation>
    </message>
    <message>
        <source>This image has no score yet.</source>
        <translation>此图像尚无得分。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>Loupe</name>
    <message>
        <source>Loupe</source>
        <translation>大图</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Retrain…</source>
        <translation>重新训练…</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>The library is still being written. Close again in a moment.</source>
        <translation>标注库仍在写入。请稍后再关闭。</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>{0} labels changed since the last training.</source>
        <translation>自上次训练以来有 {0} 个标签变动。</translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>Map from raw score to quality, over {0} held-out labels</source>
        <translation>原始得分到质量的映射，基于 {0} 个留出标签</translation>
    </message>
    <message>
        <source>raw score</source>
        <translation>原始得分</translation>
    </message>
</context>
<context>
    <name>ModelsModel</name>
    <message>
        <source>Here</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Input, file</source>
        <translation>输入、文件</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation>学习自</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>One picture on one core of this machine. Measured by More, Measure the speed here.</source>
        <translation>本机单核处理一张图片的时间。通过“更多”中的“测量本机速度”测得。</translation>
    </message>
    <message>
        <source>Test SRCC</source>
        <translation>测试 SRCC</translation>
    </message>
    <message>
        <source>any size</source>
        <translation>任意尺寸</translation>
    </message>
    <message>
        <source>extra</source>
        <translation>附加</translation>
    </message>
    <message>
        <source>imported labels</source>
        <translation>导入的标签</translation>
    </message>
    <message>
        <source>people</source>
        <translation>人工标注</translation>
    </message>
    <message>
        <source>pseudo-labels</source>
        <translation>伪标签</translation>
    </message>
    <message>
        <source>weak labels</source>
        <translation>弱标签</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} 毫秒</translation>
    </message>
    <message>
        <source>✓ extra</source>
        <translation>✓ 附加</translation>
    </message>
    <message>
        <source>✓ in use</source>
        <translation>✓ 使用中</translation>
    </message>
</context>
<context>
    <name>ModelsPanel</name>
    <message>
        <source>A bundle, and use it…</source>
        <translation>模型包，并启用…</translation>
    </message>
    <message>
        <source>A fitted baseline (BRISQUE, a NIQE model)…</source>
        <translation>已拟合的基线（BRISQUE、NIQE 模型）…</translation>
    </message>
    <message>
        <source>A foreign ONNX file…</source>
        <translation>外部 ONNX 文件…</translation>
    </message>
    <message>
        <source>Add a model…</source>
        <translation>添加模型…</translation>
    </message>
    <message>
        <source>An extra score</source>
        <translation>附加得分</translation>
    </message>
    <message>
        <source>Beside the score of the model in use: on the tiles, as a sort, at the right.</source>
        <translation>与当前模型的得分并列：显示在缩略图、排序和右侧面板中。</translation>
    </message>
    <message>
        <source>Card of the chosen model</source>
        <translation>所选模型的模型卡</translation>
    </message>
    <message>
        <source>Compare its scores with those of the model in use</source>
        <translation>与当前模型比较得分</translation>
    </message>
    <message>
        <source>Delete from the library…</source>
        <translation>从标注库中删除…</translation>
    </message>
    <message>
        <source>Efficient-FIQA weights of the student…</source>
        <translation>Efficient-FIQA 学生模型权重…</translation>
    </message>
    <message>
        <source>Efficient-FIQA weights of the teacher…</source>
        <translation>Efficient-FIQA 教师模型权重…</translation>
    </message>
    <message>
        <source>Export the bundle…</source>
        <translation>导出模型包…</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Hide the extra score</source>
        <translation>隐藏附加得分</translation>
    </message>
    <message>
        <source>Laplacian sharpness</source>
        <translation>拉普拉斯清晰度</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Measure the speed here</source>
        <translation>测量本机速度</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>NIQE, without labels</source>
        <translation>NIQE，无需标签</translation>
    </message>
    <message>
        <source>No image has a score of both. Use each once: scores stay with their model.</source>
        <translation>没有图像同时具有两者的得分。请各启用一次：得分会随模型保留。</translation>
    </message>
    <message>
        <source>No image has both yet: the extra score is computed in the background.</source>
        <translation>尚无图像同时具有两者：附加得分正在后台计算。</translation>
    </message>
    <message>
        <source>No model yet: add one, and the faces are scored.</source>
        <translation>尚无模型：添加后即为人脸打分。</translation>
    </message>
    <message>
        <source>Scores everything with it. Scores of the other models are kept.</source>
        <translation>用它为所有图像打分。其他模型的得分保留。</translation>
    </message>
    <message>
        <source>Show as extra score</source>
        <translation>显示为附加得分</translation>
    </message>
    <message>
        <source>The scores of each model stay with it: changing back costs nothing.</source>
        <translation>各模型的得分都会保留：换回无需重算。</translation>
    </message>
    <message>
        <source>This model came without a card.</source>
        <translation>此模型不带模型卡。</translation>
    </message>
    <message>
        <source>Trained here: [show the run](run:{0})</source>
        <translation>在此训练：[显示训练记录](run:{0})</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用此模型</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>{0} images have scores of both. A click on a point shows its image.</source>
        <translation>{0} 张图像具有两者的得分。单击一个点可显示其图像。</translation>
    </message>
    <message>
        <source>{1} of {0} images that have scores of both: those that differ most, and others at random.</source>
        <translation>具有两者得分的 {0} 张图像中的 {1} 张：差异最大者，其余随机抽取。</translation>
    </message>
</context>
<context>
    <name>ModelsWiring</name>
    <message>
        <source>A foreign model</source>
        <translation>外部模型</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete &apos;{0}&apos; from the library?</source>
        <translation>从标注库中删除“{0}”？</translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation>删除模型</translation>
    </message>
    <message>
        <source>Efficient-FIQA weights</source>
        <translation>Efficient-FIQA 权重</translation>
    </message>
    <message>
        <source>Export the bundle</source>
        <translation>导出模型包</translation>
    </message>
    <message>
        <source>Its file is deleted and cannot be brought back from here. Its scores and its run stay.</source>
        <translation>其文件将被删除，且无法在此恢复。得分和训练记录保留。</translation>
    </message>
    <message>
        <source>Model bundles (*.onnx)</source>
        <translation>模型包 (*.onnx)</translation>
    </message>
    <message>
        <source>ONNX files (*.onnx)</source>
        <translation>ONNX 文件 (*.onnx)</translation>
    </message>
    <message>
        <source>PyTorch weights (*.pt *.pth *.safetensors)</source>
        <translation>PyTorch 权重 (*.pt *.pth *.safetensors)</translation>
    </message>
    <message>
        <source>The bundle is exported as {0}.</source>
        <translation>模型包已导出为 {0}。</translation>
    </message>
    <message>
        <source>{0} is being read; this takes a minute.</source>
        <translation>正在读取 {0}，约需一分钟。</translation>
    </message>
</context>
<context>
    <name>MovedModel</name>
    <message>
        <source>Active</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>MOS</source>
        <translation>MOS</translation>
    </message>
    <message>
        <source>Nearer to the MOS</source>
        <translation>更接近 MOS</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新</translation>
    </message>
    <message>
        <source>the active score</source>
        <translation>当前得分</translation>
    </message>
    <message>
        <source>the new score</source>
        <translation>新得分</translation>
    </message>
</context>
<context>
    <name>MovedView</name>
    <message>
        <source>Double-click or Enter shows the image.</source>
        <translation>双击或按 Enter 显示图像。</translation>
    </message>
    <message>
        <source>Images whose score changes most</source>
        <translation>得分变化最大的图像</translation>
    </message>
    <message>
        <source>There are no former scores to compare with.</source>
        <translation>没有可供比较的先前得分。</translation>
    </message>
</context>
<context>
    <name>NoteDialog</name>
    <message>
        <source>It replaces the note of each of them.</source>
        <translation>将替换其中每一张的备注。</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Note on {0} images</source>
        <translation>{0} 张图像的备注</translation>
    </message>
    <message>
        <source>What the next curator should know. An empty note is taken away.</source>
        <translation>写下后来的标注者应知道的事。留空则删除备注。</translation>
    </message>
</context>
<context>
    <name>Opinions</name>
    <message>
        <source>Note…</source>
        <translation>备注…</translation>
    </message>
    <message>
        <source>Picked</source>
        <translation>已选用</translation>
    </message>
    <message>
        <source>Ratings</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>已拒用</translation>
    </message>
    <message>
        <source>Reject…</source>
        <translation>拒用…</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>blind</source>
        <translation>盲评</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>keys rate this one</source>
        <translation>按键对此张评分</translation>
    </message>
</context>
<context>
    <name>PoolChooser</name>
    <message>
        <source>Choose folders</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Pool A</source>
        <translation>池 A</translation>
    </message>
    <message>
        <source>Pool B</source>
        <translation>池 B</translation>
    </message>
    <message>
        <source>Split all images without a label by person into two halves</source>
        <translation>将所有无标签图像按人物分成两半</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>{0} images without a label; those of held-out people are not among them.</source>
        <translation>{0} 张无标签图像，不含留出人物的图像。</translation>
    </message>
</context>
<context>
    <name>PredictionScatter</name>
    <message>
        <source>Score against label; arrow keys go from image to image</source>
        <translation>得分与标签的对比；方向键可逐张浏览图像</translation>
    </message>
    <message>
        <source>label (MOS)</source>
        <translation>标签（MOS）</translation>
    </message>
    <message>
        <source>score of {0}</source>
        <translation>{0} 的得分</translation>
    </message>
    <message>
        <source>{0}
MOS {1}, score {2}</source>
        <translation>{0}
MOS {1}，得分 {2}</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Another language comes at the next start.</source>
        <translation>更改语言在下次启动时生效。</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Go to the next image after a key</source>
        <translation>按键后转到下一张图像</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Numbers of this library</source>
        <translation>此标注库的分制</translation>
    </message>
    <message>
        <source>Only what is shown changes: labels and scores are kept from 0 to 1 inside.</source>
        <translation>只改变显示：标签和得分在内部始终为 0 到 1。</translation>
    </message>
    <message>
        <source>Pages of the preferences</source>
        <translation>首选项页面</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>as the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>{0} (worst) to {1} (best)</source>
        <translation>{0}（最差）到 {1}（最佳）</translation>
    </message>
</context>
<context>
    <name>Presenter</name>
    <message>
        <source>1 folder could not be read: {1} ({2})</source>
        <translation>1 个文件夹无法读取：{1}（{2}）</translation>
    </message>
    <message>
        <source>1 image found</source>
        <translation>找到 1 张图像</translation>
    </message>
    <message>
        <source>Label next.</source>
        <translation>下一批待标注图像。</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Suspect labels, hidden for a blind look.</source>
        <translation>可疑标签，已隐藏以便盲评复查。</translation>
    </message>
    <message>
        <source>There are no images in that folder.</source>
        <translation>该文件夹中没有图像。</translation>
    </message>
    <message>
        <source>There was nothing to change.</source>
        <translation>没有需要更改的内容。</translation>
    </message>
    <message>
        <source>{0} Esc shows all again.</source>
        <translation>{0}按 Esc 重新显示全部。</translation>
    </message>
    <message>
        <source>{0} folders could not be read: {1} ({2})</source>
        <translation>{0} 个文件夹无法读取：{1}（{2}）</translation>
    </message>
    <message>
        <source>{0} images found</source>
        <translation>找到 {0} 张图像</translation>
    </message>
</context>
<context>
    <name>ProblemsModel</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Why it could not be read</source>
        <translation>无法读取的原因</translation>
    </message>
</context>
<context>
    <name>ProblemsPanel</name>
    <message>
        <source>1 file or folder could not be read. It gets no score and is left out of training.</source>
        <translation>1 个文件或文件夹无法读取。它没有分数，也不参与训练。</translation>
    </message>
    <message>
        <source>Every file could be read.</source>
        <translation>所有文件均可读取。</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>{0} files or folders could not be read. They get no score and are left out of training.</source>
        <translation>{0} 个文件或文件夹无法读取。它们没有得分，也不参加训练。</translation>
    </message>
</context>
<context>
    <name>ProgressHead</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>训练进度</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>分项</translation>
    </message>
    <message>
        <source>Steps of this stage</source>
        <translation>此阶段的步数</translation>
    </message>
    <message>
        <source>Stops the training; it can be resumed from its last whole epoch.</source>
        <translation>停止训练；可从最后一个完整轮次恢复。</translation>
    </message>
    <message>
        <source>Take from the queue</source>
        <translation>移出队列</translation>
    </message>
    <message>
        <source>What moves</source>
        <translation>得分变化</translation>
    </message>
    <message>
        <source>What the curves are drawn along</source>
        <translation>曲线的横轴</translation>
    </message>
    <message>
        <source>What the curves are drawn along. Time is that of the clock: a pause counts, the time between a stop and the resumption does not.</source>
        <translation>曲线的横轴。时间为时钟时间：暂停计入，停止到恢复之间不计入。</translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation>出错信息</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
</context>
<context>
    <name>RaterDialog</name>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Who labels?</source>
        <translation>由谁标注？</translation>
    </message>
    <message>
        <source>Your name is stored with each label you give, in the library on this machine only.</source>
        <translation>您的姓名会随您给出的每个标签一同保存，且仅保存在本机的标注库中。</translation>
    </message>
</context>
<context>
    <name>RatingPanel</name>
    <message>
        <source>1 image selected</source>
        <translation>已选择 1 张图像</translation>
    </message>
    <message>
        <source>90 %: {0}</source>
        <translation>90%：{0}</translation>
    </message>
    <message>
        <source>A key is one opinion among several; the MOS is their mean.</source>
        <translation>按键给出多个意见中的一个；MOS 是它们的平均值。</translation>
    </message>
    <message>
        <source>A key sets the MOS outright.</source>
        <translation>按键直接设定 MOS。</translation>
    </message>
    <message>
        <source>Applies to {0} selected images.</source>
        <translation>将应用于所选的 {0} 张图像。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Click a face, then press a key from 1 to 5, or click a word below.</source>
        <translation>单击一张人脸，然后按 1 到 5 键，或单击下面的词语。</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>校正</translation>
    </message>
    <message>
        <source>Go to the next image after a key</source>
        <translation>按键后转到下一张图像</translation>
    </message>
    <message>
        <source>Key {0}: MOS {1}</source>
        <translation>按键 {0}：MOS {1}</translation>
    </message>
    <message>
        <source>Key {0}: take my label away.</source>
        <translation>按键 {0}：去掉我的标签。</translation>
    </message>
    <message>
        <source>MOS (people)</source>
        <translation>MOS（人工）</translation>
    </message>
    <message>
        <source>No image chosen</source>
        <translation>未选择图像</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Reject with a reason ({0})</source>
        <translation>注明原因并拒用（{0}）</translation>
    </message>
    <message>
        <source>Score (calibrated)</source>
        <translation>得分（已校准）</translation>
    </message>
    <message>
        <source>Score (model)</source>
        <translation>得分（模型）</translation>
    </message>
    <message>
        <source>Score (percentile)</source>
        <translation>得分（百分位）</translation>
    </message>
    <message>
        <source>Score is right</source>
        <translation>得分正确</translation>
    </message>
    <message>
        <source>Write a note ({0})</source>
        <translation>写备注（{0}）</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>已隐藏</translation>
    </message>
    <message>
        <source>no label yet</source>
        <translation>尚无标签</translation>
    </message>
    <message>
        <source>raw {0}</source>
        <translation>原始 {0}</translation>
    </message>
    <message>
        <source>{0} is right</source>
        <translation>{0} 正确</translation>
    </message>
    <message>
        <source>{0} images selected</source>
        <translation>已选择 {0} 张图像</translation>
    </message>
    <message>
        <source>{0} ratings, too few for an interval</source>
        <translation>{0} 个评分，不足以给出区间</translation>
    </message>
    <message>
        <source>{0}: take the model&apos;s score of this image as its MOS.</source>
        <translation>{0}：采纳模型对此图像的得分作为其 MOS。</translation>
    </message>
    <message>
        <source>±{0}, {1} ratings</source>
        <translation>±{0}，{1} 个评分</translation>
    </message>
</context>
<context>
    <name>ReasonMenu</name>
    <message>
        <source>Reject this image because …</source>
        <translation>拒用此图像的原因 …</translation>
    </message>
    <message>
        <source>Reject {0} images because …</source>
        <translation>拒用 {0} 张图像的原因 …</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Forget this list</source>
        <translation>清空此列表</translation>
    </message>
    <message>
        <source>No other library yet</source>
        <translation>尚无其他标注库</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>打开最近</translation>
    </message>
    <message>
        <source>{0}  (not there)</source>
        <translation>{0}（不存在）</translation>
    </message>
</context>
<context>
    <name>RecipeEditor</name>
    <message>
        <source>Recipe</source>
        <translation>训练配方</translation>
    </message>
    <message>
        <source>Recipe to start from</source>
        <translation>作为起点的配方</translation>
    </message>
    <message>
        <source>Recipes (*.toml)</source>
        <translation>训练配方 (*.toml)</translation>
    </message>
    <message>
        <source>Save recipe</source>
        <translation>保存配方</translation>
    </message>
    <message>
        <source>Save recipe…</source>
        <translation>保存配方…</translation>
    </message>
    <message>
        <source>The recipe cannot be saved: {0}.</source>
        <translation>无法保存配方：{0}。</translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message>
        <source>Acts</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>All labels go back to that moment; image files and models stay. The present state is backed up first, so that this can be taken back here too. Other windows on this library follow.</source>
        <translation>所有标签回到那一时刻；图像文件和模型不变。当前状态会先备份，因此也可在此撤回。打开此标注库的其他窗口会随之更新。</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>已标注</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>还原备份</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>There is no backup yet. The program makes one a day.</source>
        <translation>尚无备份。程序每天备份一次。</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>before a restore</source>
        <translation>还原前</translation>
    </message>
    <message>
        <source>before an update</source>
        <translation>升级前</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>daily</source>
        <translation>每日</translation>
    </message>
</context>
<context>
    <name>RetrainDialog</name>
    <message>
        <source>A training runs: this one begins when it has ended.</source>
        <translation>已有训练在进行：结束后开始此次训练。</translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Choose at least one folder for pool A or B.</source>
        <translation>请为池 A 或 B 至少选择一个文件夹。</translation>
    </message>
    <message>
        <source>For another machine</source>
        <translation>用于另一台机器</translation>
    </message>
    <message>
        <source>How deep</source>
        <translation>训练深度</translation>
    </message>
    <message>
        <source>Images by path…</source>
        <translation>图像仅记路径…</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Nothing can be started: see the reasons above.</source>
        <translation>无法开始：请看上面的原因。</translation>
    </message>
    <message>
        <source>Retrain</source>
        <translation>重新训练</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>The recipe cannot be used: {0}</source>
        <translation>无法使用此配方：{0}</translation>
    </message>
    <message>
        <source>With the images…</source>
        <translation>连同图像…</translation>
    </message>
    <message>
        <source>{0} Pack the run with &apos;For another machine&apos;, and take its result back here.</source>
        <translation>{0}请用“用于另一台机器”打包此次训练，再在此取回结果。</translation>
    </message>
</context>
<context>
    <name>RunPages</name>
    <message>
        <source>Label some faces, then retrain: the model learns from your labels and its curves appear here.</source>
        <translation>标注一些人脸后重新训练：模型会从您的标签学习，曲线将显示在这里。</translation>
    </message>
</context>
<context>
    <name>RunsModel</name>
    <message>
        <source>{0}, {1}/{2}</source>
        <translation>{0}，{1}/{2}</translation>
    </message>
</context>
<context>
    <name>RunsSide</name>
    <message>
        <source>Retrain…</source>
        <translation>重新训练…</translation>
    </message>
    <message>
        <source>Shows first what will be trained on and how long it takes.</source>
        <translation>先显示将用哪些数据训练以及需要多长时间。</translation>
    </message>
    <message>
        <source>The labels are being counted…</source>
        <translation>正在统计标签…</translation>
    </message>
</context>
<context>
    <name>RunsView</name>
    <message>
        <source>Ctrl+click (or Ctrl+Space) draws further runs beside the chosen one.</source>
        <translation>Ctrl+单击（或 Ctrl+空格）可将其他训练与所选训练画在一起。</translation>
    </message>
    <message>
        <source>Go on from the last whole epoch of the chosen run.</source>
        <translation>从所选训练的最后一个完整轮次继续。</translation>
    </message>
    <message>
        <source>No training yet.</source>
        <translation>尚无训练。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Training runs</source>
        <translation>训练记录</translation>
    </message>
</context>
<context>
    <name>Safekeeping</name>
    <message>
        <source>{what}. The state from before is the newest backup.</source>
        <translation>{what}。之前的状态是最新的备份。</translation>
    </message>
</context>
<context>
    <name>Safety</name>
    <message>
        <source>1 image is forgotten.</source>
        <translation>已遗忘 1 张图像。</translation>
    </message>
    <message>
        <source>Choose an image first.</source>
        <translation>请先选择图像。</translation>
    </message>
    <message>
        <source>The files themselves are where they were.</source>
        <translation>文件本身仍在原处。</translation>
    </message>
    <message>
        <source>{0} images are forgotten.</source>
        <translation>已遗忘 {0} 张图像。</translation>
    </message>
</context>
<context>
    <name>ScatterView</name>
    <message>
        <source>Predicted quality against MOS</source>
        <translation>预测质量与 MOS 的对比</translation>
    </message>
    <message>
        <source>Score/MOS</source>
        <translation>得分/MOS</translation>
    </message>
    <message>
        <source>active</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新</translation>
    </message>
    <message>
        <source>{0}
MOS {1}, score {2}</source>
        <translation>{0}
MOS {1}，得分 {2}</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>SlicesView</name>
    <message>
        <source>Agreement by slice</source>
        <translation>各分项的一致程度</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>No numbers below {0} images. Slices have no intervals: a small change may be chance.</source>
        <translation>不足 {0} 张图像时不给数值。分项没有区间：小的变化可能出于偶然。</translation>
    </message>
    <message>
        <source>RMSE new</source>
        <translation>RMSE 新</translation>
    </message>
    <message>
        <source>SRCC new</source>
        <translation>SRCC 新</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>分项</translation>
    </message>
    <message>
        <source>The held-out images do not differ in size, provenance or folder.</source>
        <translation>留出图像在尺寸、来源和文件夹上没有差别。</translation>
    </message>
    <message>
        <source>active</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>{0}, drops</source>
        <translation>{0}，下降</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Scoring</source>
        <translation>打分进度</translation>
    </message>
    <message>
        <source>Who labels. Click to change.</source>
        <translation>当前标注者。单击可更换。</translation>
    </message>
    <message>
        <source>all scored</source>
        <translation>全部已打分</translation>
    </message>
    <message>
        <source>reading the library…</source>
        <translation>正在读取标注库…</translation>
    </message>
    <message>
        <source>scoring paused</source>
        <translation>打分已暂停</translation>
    </message>
    <message>
        <source>scoring {0}/{1} · {2} img/s</source>
        <translation>打分 {0}/{1} · {2} 张/秒</translation>
    </message>
    <message>
        <source>{0} selected · {1} of {2} shown</source>
        <translation>已选 {0} · 显示 {1}/{2}</translation>
    </message>
    <message>
        <source>⚠ Problems: {0}</source>
        <translation>⚠ 问题：{0}</translation>
    </message>
    <message>
        <source>✓ saved {0}</source>
        <translation>✓ 已保存 {0}</translation>
    </message>
</context>
<context>
    <name>Support</name>
    <message>
        <source>1 change is being written.</source>
        <translation>正在写入 1 项更改。</translation>
    </message>
    <message>
        <source>Diagnostics saved: {0}</source>
        <translation>诊断信息已保存：{0}</translation>
    </message>
    <message>
        <source>Labels until now are in {0}; new ones cannot be saved. Close the window and open it again.</source>
        <translation>至今的标签都在 {0} 中；新标签无法保存。请关闭窗口后重新打开。</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>标注库</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>ONNX Runtime</source>
        <translation>ONNX Runtime</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>保存诊断信息</translation>
    </message>
    <message>
        <source>Scores on</source>
        <translation>打分运行于</translation>
    </message>
    <message>
        <source>The program ended by a fault the last time it ran.</source>
        <translation>程序上次运行时因错误而结束。</translation>
    </message>
    <message>
        <source>The program made a mistake ({0}).</source>
        <translation>程序出错（{0}）。</translation>
    </message>
    <message>
        <source>Your labels are safe: each was on the disk, in {0}, before its key was answered.</source>
        <translation>您的标签是安全的：每个标签都先写入磁盘上的 {0}，之后才回应按键。</translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation>zip 文件 (*.zip)</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>{0} changes are being written.</source>
        <translation>正在写入 {0} 项更改。</translation>
    </message>
    <message>
        <source>{0}, offers {1}</source>
        <translation>{0}，可用 {1}</translation>
    </message>
</context>
<context>
    <name>SystemsModel</name>
    <message>
        <source>Error after a logistic curve fitted on split cal or val</source>
        <translation>经校准或验证划分上拟合的逻辑斯谛曲线之后的误差</translation>
    </message>
    <message>
        <source>From file to score, one thread, median</source>
        <translation>从文件到得分，单线程，中位数</translation>
    </message>
    <message>
        <source>Kendall&apos;s tau-b</source>
        <translation>Kendall tau-b 系数</translation>
    </message>
    <message>
        <source>Linear correlation, raw, with its 95 % interval</source>
        <translation>原始线性相关系数及其 95% 区间</translation>
    </message>
    <message>
        <source>Multiply-accumulates of one image, in billions: the paper&apos;s GFLOPs</source>
        <translation>单张图像的乘加运算数，以十亿计：即论文中的 GFLOPs</translation>
    </message>
    <message>
        <source>Parameters (M)</source>
        <translation>参数量（M）</translation>
    </message>
    <message>
        <source>Rank correlation with the labels of split test, with its 95 % interval</source>
        <translation>与测试划分标签的秩相关系数及其 95% 区间</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Test images with a score</source>
        <translation>有得分的测试图像</translation>
    </message>
    <message>
        <source>ms a file</source>
        <translation>毫秒/文件</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Do what the message says</source>
        <translation>执行消息中的操作</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>TrainingPanel</name>
    <message>
        <source>Paused: {0}</source>
        <translation>已暂停：{0}</translation>
    </message>
    <message>
        <source>The folder of this run is gone: {0}</source>
        <translation>此训练的文件夹已不存在：{0}</translation>
    </message>
    <message>
        <source>The training failed.</source>
        <translation>训练失败。</translation>
    </message>
    <message>
        <source>best epoch {0} of {1}</source>
        <translation>最佳轮次 {0}/{1}</translation>
    </message>
</context>
<context>
    <name>TrainingWiring</name>
    <message>
        <source>A training runs already. Wait for its end, or cancel it first.</source>
        <translation>已有训练在进行。请等待其结束，或先取消。</translation>
    </message>
    <message>
        <source>Folder or zip (*)</source>
        <translation>文件夹或 zip (*)</translation>
    </message>
    <message>
        <source>It begins when the training that runs has ended.</source>
        <translation>将在当前训练结束后开始。</translation>
    </message>
    <message>
        <source>Pack for another machine</source>
        <translation>打包到另一台机器</translation>
    </message>
    <message>
        <source>Packed: {0}. Run it there with &apos;{1} run FOLDER&apos;.</source>
        <translation>已打包：{0}。请在那台机器上运行 {1} run FOLDER。</translation>
    </message>
    <message>
        <source>Runs (job.json *.zip)</source>
        <translation>训练 (job.json *.zip)</translation>
    </message>
    <message>
        <source>Take a result back</source>
        <translation>取回结果</translation>
    </message>
    <message>
        <source>The active model stays.</source>
        <translation>保留当前模型。</translation>
    </message>
    <message>
        <source>Training: {0}</source>
        <translation>训练：{0}</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>training paused</source>
        <translation>训练已暂停</translation>
    </message>
    <message>
        <source>training: {0}, epoch {1}, {2} left</source>
        <translation>训练：{0}，第 {1} 轮，剩余 {2}</translation>
    </message>
    <message>
        <source>{0}, {1} left</source>
        <translation>{0}，剩余 {1}</translation>
    </message>
</context>
<context>
    <name>TroubleView</name>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>The last lines of the log</source>
        <translation>日志的最后几行</translation>
    </message>
</context>
<context>
    <name>ValueHistogram</name>
    <message>
        <source>, {0} outside the scale</source>
        <translation>，{0} 个超出分制</translation>
    </message>
    <message>
        <source>There are no values.</source>
        <translation>没有数值。</translation>
    </message>
    <message>
        <source>{0} values from {1} to {2}</source>
        <translation>{0} 个数值，从 {1} 到 {2}</translation>
    </message>
</context>
<context>
    <name>ViewList</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Disagreement</source>
        <translation>分歧</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>已标记</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>文件缺失</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Rated by me</source>
        <translation>我已评分</translation>
    </message>
    <message>
        <source>Remove the view</source>
        <translation>删除视图</translation>
    </message>
    <message>
        <source>Rename the view</source>
        <translation>重命名视图</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Suspect</source>
        <translation>可疑</translation>
    </message>
    <message>
        <source>Unlabelled</source>
        <translation>未标注</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>every image</source>
        <translation>全部图像</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation>标注(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>100 % or fit</source>
        <translation>100% 或适合窗口</translation>
    </message>
    <message>
        <source>1½</source>
        <translation>1½</translation>
    </message>
    <message>
        <source>2½</source>
        <translation>2½</translation>
    </message>
    <message>
        <source>3½</source>
        <translation>3½</translation>
    </message>
    <message>
        <source>4½</source>
        <translation>4½</translation>
    </message>
    <message>
        <source>5, the top</source>
        <translation>5（最高）</translation>
    </message>
    <message>
        <source>A little better</source>
        <translation>略好</translation>
    </message>
    <message>
        <source>A little worse</source>
        <translation>略差</translation>
    </message>
    <message>
        <source>A trace better</source>
        <translation>微调向好</translation>
    </message>
    <message>
        <source>A trace worse</source>
        <translation>微调向差</translation>
    </message>
    <message>
        <source>About FIQA Desktop</source>
        <translation>关于 FIQA Desktop</translation>
    </message>
    <message>
        <source>Add a model…</source>
        <translation>添加模型…</translation>
    </message>
    <message>
        <source>Back, or clear filters</source>
        <translation>返回，或清除筛选</translation>
    </message>
    <message>
        <source>Blind mode</source>
        <translation>盲评模式</translation>
    </message>
    <message>
        <source>Change rater…</source>
        <translation>更换评分者…</translation>
    </message>
    <message>
        <source>Clear my label</source>
        <translation>清除我的标签</translation>
    </message>
    <message>
        <source>Compare one above the other</source>
        <translation>上下比较</translation>
    </message>
    <message>
        <source>Compare side by side</source>
        <translation>左右比较</translation>
    </message>
    <message>
        <source>Compare two</source>
        <translation>比较两张</translation>
    </message>
    <message>
        <source>Comparison of systems…</source>
        <translation>系统比较…</translation>
    </message>
    <message>
        <source>Correct mode</source>
        <translation>校正模式</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Export labels…</source>
        <translation>导出标签…</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Forget images…</source>
        <translation>遗忘图像…</translation>
    </message>
    <message>
        <source>Forget person…</source>
        <translation>遗忘人物…</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>History of the image</source>
        <translation>图像历史</translation>
    </message>
    <message>
        <source>Import labels…</source>
        <translation>导入标签…</translation>
    </message>
    <message>
        <source>In the grid: a page up, a page down</source>
        <translation>网格中：上一页、下一页</translation>
    </message>
    <message>
        <source>In the grid: a row up, a row down</source>
        <translation>网格中：上一行、下一行</translation>
    </message>
    <message>
        <source>In the grid: the first face, the last one</source>
        <translation>网格中：第一张、最后一张人脸</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Label next</source>
        <translation>下一批待标注</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Loupe</source>
        <translation>大图</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Moving about</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Next unlabelled</source>
        <translation>下一张未标注</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>备注…</translation>
    </message>
    <message>
        <source>Only the framed face</source>
        <translation>仅显示框选的人脸</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open library…</source>
        <translation>打开标注库…</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>打开最近</translation>
    </message>
    <message>
        <source>Pause scoring</source>
        <translation>暂停打分</translation>
    </message>
    <message>
        <source>Pick</source>
        <translation>选用</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>首选项…</translation>
    </message>
    <message>
        <source>Previous unlabelled</source>
        <translation>上一张未标注</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Rate mode</source>
        <translation>评分模式</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒用</translation>
    </message>
    <message>
        <source>Reject with a reason…</source>
        <translation>注明原因并拒用…</translation>
    </message>
    <message>
        <source>Remove the flag</source>
        <translation>去掉标记</translation>
    </message>
    <message>
        <source>Rescan folders</source>
        <translation>重新扫描文件夹</translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>Restore a backup…</source>
        <translation>还原备份…</translation>
    </message>
    <message>
        <source>Retrain…</source>
        <translation>重新训练…</translation>
    </message>
    <message>
        <source>Save diagnostics…</source>
        <translation>保存诊断信息…</translation>
    </message>
    <message>
        <source>Save this view…</source>
        <translation>保存此视图…</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Show calibrated scores</source>
        <translation>显示校准后的得分</translation>
    </message>
    <message>
        <source>Show or hide panels</source>
        <translation>显示或隐藏面板</translation>
    </message>
    <message>
        <source>Show scores as percentiles of the model&apos;s reference set</source>
        <translation>以模型参考集的百分位显示得分</translation>
    </message>
    <message>
        <source>Show scores as percentiles of this library</source>
        <translation>以本库百分位显示得分</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Sort again</source>
        <translation>重新排序</translation>
    </message>
    <message>
        <source>Suggest retraining after 200 new labels</source>
        <translation>新增 200 个标签后建议重新训练</translation>
    </message>
    <message>
        <source>Suspect labels</source>
        <translation>可疑标签</translation>
    </message>
    <message>
        <source>System theme</source>
        <translation>跟随系统主题</translation>
    </message>
    <message>
        <source>Take a result back…</source>
        <translation>取回结果…</translation>
    </message>
    <message>
        <source>The face before, the next face</source>
        <translation>上一张、下一张人脸</translation>
    </message>
    <message>
        <source>The next panel below</source>
        <translation>下方的下一个面板</translation>
    </message>
    <message>
        <source>The score is right</source>
        <translation>得分正确</translation>
    </message>
    <message>
        <source>To the next part of the window</source>
        <translation>转到窗口的下一部分</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Use a calibrator file…</source>
        <translation>使用校准文件…</translation>
    </message>
    <message>
        <source>When large: the next face, the one before</source>
        <translation>大图中：下一张、上一张人脸</translation>
    </message>
    <message>
        <source>Zoom and move both together</source>
        <translation>两图同步缩放和移动</translation>
    </message>
</context>
<context>
    <name>below</name>
    <message>
        <source>&apos;{0}&apos; does not belong to a model.</source>
        <translation>“{0}”不属于模型。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a text and cannot be compared by &apos;{1}&apos;. Use &apos;:&apos; to find texts that contain a word, &apos;:=&apos; for the whole text.</source>
        <translation>“{0}”是文本，不能用“{1}”比较。用 &apos;:&apos; 查找含有某词的文本，用 &apos;:=&apos; 匹配全文。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no date. Write 2026, 2026-11 or 2026-11-25.</source>
        <translation>“{0}”不是日期。请写 2026、2026-11 或 2026-11-25。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no file size. Write for example 200kB or &gt;2MB.</source>
        <translation>“{0}”不是文件大小。例如 200kB 或 &gt;2MB。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no number</source>
        <translation>“{0}”不是数字</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no number. Write 0.5 or &lt;0.3.</source>
        <translation>“{0}”不是数字。请写 0.5 或 &lt;0.3。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no number. Write {1}.</source>
        <translation>“{0}”不是数字。请写 {1}。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; needs a value. Write for example {1}.</source>
        <translation>“{0}”需要一个值。例如 {1}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>1 differs from a label that is there</source>
        <translation>1 行与已有标签不同</translation>
    </message>
    <message>
        <source>1 has a value that is no number</source>
        <translation>1 行的值不是数字</translation>
    </message>
    <message>
        <source>1 has no value</source>
        <translation>1 行没有值</translation>
    </message>
    <message>
        <source>1 image</source>
        <translation>1 张图像</translation>
    </message>
    <message>
        <source>1 is outside the scale</source>
        <translation>1 行超出量表范围</translation>
    </message>
    <message>
        <source>1 label</source>
        <translation>1 个标签</translation>
    </message>
    <message>
        <source>1 line matches</source>
        <translation>1 行匹配</translation>
    </message>
    <message>
        <source>1 line matches ({0})</source>
        <translation>1 行匹配（{0}）</translation>
    </message>
    <message>
        <source>1 names more than one image</source>
        <translation>1 行对应多张图像</translation>
    </message>
    <message>
        <source>1 names no image of the library</source>
        <translation>1 行在库中没有对应图像</translation>
    </message>
    <message>
        <source>1 repeats an image</source>
        <translation>1 行重复了图像</translation>
    </message>
    <message>
        <source>A range cannot follow &apos;{0}&apos;. Write for example 0.2..0.4.</source>
        <translation>“{0}”之后不能是范围。例如 0.2..0.4。</translation>
    </message>
    <message>
        <source>CSV or TSV table</source>
        <translation>CSV 或 TSV 表格</translation>
    </message>
    <message>
        <source>Efficient-FIQA pseudo-labels</source>
        <translation>Efficient-FIQA 伪标签</translation>
    </message>
    <message>
        <source>FIQA Desktop export</source>
        <translation>FIQA Desktop 导出</translation>
    </message>
    <message>
        <source>GFIQA-20k MOS table</source>
        <translation>GFIQA-20k MOS 表</translation>
    </message>
    <message>
        <source>Hugging Face ImageFolder metadata</source>
        <translation>Hugging Face ImageFolder 元数据</translation>
    </message>
    <message>
        <source>JSON records</source>
        <translation>JSON 记录</translation>
    </message>
    <message>
        <source>KonIQ-10k scores and distributions</source>
        <translation>KonIQ-10k 分数与分布</translation>
    </message>
    <message>
        <source>Looking for suspect labels needs {0} labels outside the test split; there are {1}. Label more faces.</source>
        <translation>查找可疑标签需要测试划分之外的 {0} 个标签；现有 {1} 个。请标注更多人脸。</translation>
    </message>
    <message>
        <source>MOS {0} on {1}</source>
        <translation>{1}的 MOS 设为 {0}</translation>
    </message>
    <message>
        <source>MOS {0} to {1} on {2}</source>
        <translation>{2}的 MOS 由 {0} 改为 {1}</translation>
    </message>
    <message>
        <source>No image without a label has been scored yet. Wait until they are scored.</source>
        <translation>尚无已打分的无标签图像。请等待打分完成。</translation>
    </message>
    <message>
        <source>No model is in use. Choose one first.</source>
        <translation>没有启用模型。请先选择一个。</translation>
    </message>
    <message>
        <source>No model is in use: choose one first.</source>
        <translation>没有启用模型：请先选择一个。</translation>
    </message>
    <message>
        <source>PIQ23 JOD scores</source>
        <translation>PIQ23 JOD 分数</translation>
    </message>
    <message>
        <source>Parquet table</source>
        <translation>Parquet 表格</translation>
    </message>
    <message>
        <source>Phi(v), the share of a normal distribution below v</source>
        <translation>Phi(v)，正态分布中低于 v 的比例</translation>
    </message>
    <message>
        <source>Retraining needs {0} and {1}.</source>
        <translation>重新训练还需要{0}，以及{1}。</translation>
    </message>
    <message>
        <source>Retraining needs {0}.</source>
        <translation>重新训练还需要{0}。</translation>
    </message>
    <message>
        <source>SUREAL raw ratings</source>
        <translation>SUREAL 原始评分</translation>
    </message>
    <message>
        <source>Something must follow {0}.</source>
        <translation>{0} 之后必须有内容。</translation>
    </message>
    <message>
        <source>Something must stand before {0}.</source>
        <translation>{0} 之前必须有内容。</translation>
    </message>
    <message>
        <source>The library has no model &apos;{0}&apos;. It has {1}.</source>
        <translation>标注库中没有模型“{0}”。现有 {1}。</translation>
    </message>
    <message>
        <source>The model in use came without its weights (.safetensors), so no training can start from it.</source>
        <translation>当前模型不带权重 (.safetensors)，无法以它为起点训练。</translation>
    </message>
    <message>
        <source>The model in use learned from these labels, so they cannot tell how sure it is: {0} others are there, {1} are needed. A personalised model brings its own calibration.</source>
        <translation>当前模型学过这些标签，它们无法说明模型有多确定：另有 {0} 个标签，需要 {1} 个。个性化模型自带校准。</translation>
    </message>
    <message>
        <source>The quotation mark is not closed. Add a &quot; at the end.</source>
        <translation>引号没有闭合。请在末尾补上 &quot;。</translation>
    </message>
    <message>
        <source>The range ends before it begins. Write {0}.</source>
        <translation>范围的终点在起点之前。请写 {0}。</translation>
    </message>
    <message>
        <source>There are no images without a label for a teacher to label: open a folder of further faces.</source>
        <translation>没有可供教师模型打标签的无标签图像：请再打开一个人脸文件夹。</translation>
    </message>
    <message>
        <source>There is no &apos;is:{0}&apos;. Did you mean &apos;{1}&apos;?</source>
        <translation>没有 &apos;is:{0}&apos;。您是指“{1}”吗？</translation>
    </message>
    <message>
        <source>There is no &apos;is:{0}&apos;. Use one of {1}.</source>
        <translation>没有 &apos;is:{0}&apos;。请使用下列之一：{1}。</translation>
    </message>
    <message>
        <source>There is no field &apos;{0}&apos;.</source>
        <translation>没有字段“{0}”。</translation>
    </message>
    <message>
        <source>There is no field &apos;{0}&apos;. Did you mean &apos;{1}&apos;?</source>
        <translation>没有字段“{0}”。您是指“{1}”吗？</translation>
    </message>
    <message>
        <source>This bracket is not closed. Add a &apos;)&apos;.</source>
        <translation>此括号没有闭合。请补上 &apos;)&apos;。</translation>
    </message>
    <message>
        <source>This bracket was never opened. Remove it, or add a &apos;(&apos;.</source>
        <translation>此括号没有对应的左括号。请删除，或补上 &apos;(&apos;。</translation>
    </message>
    <message>
        <source>This installation cannot train ({0} missing): install &apos;fiqa-desktop[train]&apos;.</source>
        <translation>此安装无法训练（缺少 {0}）：请安装 &apos;fiqa-desktop[train]&apos;。</translation>
    </message>
    <message>
        <source>at least {0} groups each in {1}</source>
        <translation>{1} 中各至少 {0} 个组</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>bars between columns</source>
        <translation>列以竖线分隔</translation>
    </message>
    <message>
        <source>calibrator {0} in use</source>
        <translation>正在使用校准 {0}</translation>
    </message>
    <message>
        <source>commas between columns</source>
        <translation>列以逗号分隔</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>count, ratings, flags, notes and provenance</source>
        <translation>数量、评分、标记、备注和来源</translation>
    </message>
    <message>
        <source>decimal commas</source>
        <translation>小数用逗号</translation>
    </message>
    <message>
        <source>distance of MOS and score</source>
        <translation>MOS 与得分的差距</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>each rater&apos;s ratings (the mean, spread and count stay) and labels that are not in force</source>
        <translation>各评分者的评分（均值、离散度和数量保留）以及未生效的标签</translation>
    </message>
    <message>
        <source>each rater&apos;s ratings, notes and labels that are not in force</source>
        <translation>各评分者的评分、备注以及未生效的标签</translation>
    </message>
    <message>
        <source>everything that people said: only pseudo-labels are written</source>
        <translation>所有人工标注：只写出伪标签</translation>
    </message>
    <message>
        <source>face hidden</source>
        <translation>人脸被遮挡</translation>
    </message>
    <message>
        <source>file name</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>flag &apos;{0}&apos; ({1}) on {2}</source>
        <translation>将 {2}标为“{0}”（{1}）</translation>
    </message>
    <message>
        <source>flag &apos;{0}&apos; on {1}</source>
        <translation>将 {1}标为“{0}”</translation>
    </message>
    <message>
        <source>flag taken from {0}</source>
        <translation>已去掉 {0}的标记</translation>
    </message>
    <message>
        <source>forgot {0}</source>
        <translation>已遗忘 {0}</translation>
    </message>
    <message>
        <source>group &apos;{0}&apos; on {1}</source>
        <translation>{1}的人物设为“{0}”</translation>
    </message>
    <message>
        <source>has a MOS</source>
        <translation>有 MOS</translation>
    </message>
    <message>
        <source>has a flag</source>
        <translation>有标记</translation>
    </message>
    <message>
        <source>has a score</source>
        <translation>有得分</translation>
    </message>
    <message>
        <source>has at least one rating</source>
        <translation>至少有一个评分</translation>
    </message>
    <message>
        <source>has no MOS and could be read</source>
        <translation>可读取但尚无 MOS</translation>
    </message>
    <message>
        <source>how many ratings</source>
        <translation>评分数</translation>
    </message>
    <message>
        <source>human</source>
        <translation>人工</translation>
    </message>
    <message>
        <source>human, imported</source>
        <translation>human、imported（人工、导入）</translation>
    </message>
    <message>
        <source>images without ratings, corrections, imported labels, flags, notes, splits, and how and when was rated</source>
        <translation>无评分的图像、校正、导入标签、标记、备注、划分，以及评分的方式和时间</translation>
    </message>
    <message>
        <source>imported {0} from {1}</source>
        <translation>已从 {1} 导入 {0}</translation>
    </message>
    <message>
        <source>imported:{0}</source>
        <translation>导入：{0}</translation>
    </message>
    <message>
        <source>it cannot be decoded ({0})</source>
        <translation>无法解码（{0}）</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>这是文件夹</translation>
    </message>
    <message>
        <source>it is no image, or of an unknown kind</source>
        <translation>不是图像，或类型未知</translation>
    </message>
    <message>
        <source>it is no regular file</source>
        <translation>不是普通文件</translation>
    </message>
    <message>
        <source>its MOS is far from the score (robust z above 3); never a test image</source>
        <translation>MOS 与得分相差很大（稳健 z 大于 3）；不含测试图像</translation>
    </message>
    <message>
        <source>its MOS was corrected or rated by a person</source>
        <translation>MOS 经人工校正或评分</translation>
    </message>
    <message>
        <source>its file is gone</source>
        <translation>文件已不存在</translation>
    </message>
    <message>
        <source>its floating-point pixels are not in [0, 1], so white is unknown</source>
        <translation>浮点像素不在 [0, 1] 内，无法确定白点</translation>
    </message>
    <message>
        <source>its folder is gone (a file stands in its place)</source>
        <translation>所在文件夹已不存在（同名位置是一个文件）</translation>
    </message>
    <message>
        <source>its pixels are 32-bit integers, so white is unknown</source>
        <translation>像素为 32 位整数，无法确定白点</translation>
    </message>
    <message>
        <source>label cleared on {0}</source>
        <translation>已清除 {0}的标签</translation>
    </message>
    <message>
        <source>labelled by me</source>
        <translation>由我标注</translation>
    </message>
    <message>
        <source>labels on at least {0} different people or source images (there are {1})</source>
        <translation>至少 {0} 个不同人物或源图像的标签（现有 {1} 个）</translation>
    </message>
    <message>
        <source>line {0} names the same image; that one counts</source>
        <translation>第 {0} 行是同一图像；以该行为准</translation>
    </message>
    <message>
        <source>mean opinion score</source>
        <translation>平均意见分</translation>
    </message>
    <message>
        <source>model {0} deleted</source>
        <translation>已删除模型 {0}</translation>
    </message>
    <message>
        <source>model {0} in use</source>
        <translation>正在使用模型 {0}</translation>
    </message>
    <message>
        <source>moved files</source>
        <translation>文件已移动</translation>
    </message>
    <message>
        <source>no consent</source>
        <translation>未获同意</translation>
    </message>
    <message>
        <source>no image has this hash</source>
        <translation>没有此内容的图像</translation>
    </message>
    <message>
        <source>no image has this name</source>
        <translation>没有此文件名的图像</translation>
    </message>
    <message>
        <source>no image has this name, whatever its ending</source>
        <translation>没有图像使用此名称（不论扩展名）</translation>
    </message>
    <message>
        <source>no image has this path</source>
        <translation>没有此路径的图像</translation>
    </message>
    <message>
        <source>not a face</source>
        <translation>不是人脸</translation>
    </message>
    <message>
        <source>note on {0}</source>
        <translation>已为 {0}写备注</translation>
    </message>
    <message>
        <source>note taken from {0}</source>
        <translation>已删除 {0}的备注</translation>
    </message>
    <message>
        <source>nothing to import from {0}</source>
        <translation>{0} 中没有可导入的内容</translation>
    </message>
    <message>
        <source>of the file: 200kB, 2MB</source>
        <translation>文件大小，如 200kB、2MB</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他原因</translation>
    </message>
    <message>
        <source>path of the file</source>
        <translation>文件路径</translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>person or cluster</source>
        <translation>人物或聚类</translation>
    </message>
    <message>
        <source>pick</source>
        <translation>选用</translation>
    </message>
    <message>
        <source>pick, unsure, reject</source>
        <translation>pick、unsure、reject（选用、存疑、拒用）</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>pseudo-labels are kept beside the MOS and never become one</source>
        <translation>伪标签与 MOS 分开保存，绝不成为 MOS</translation>
    </message>
    <message>
        <source>pseudo:{0}</source>
        <translation>伪标签：{0}</translation>
    </message>
    <message>
        <source>pyiqa meta table</source>
        <translation>pyiqa 元数据表</translation>
    </message>
    <message>
        <source>quality factor, 0 to 1</source>
        <translation>质量因素，0 到 1</translation>
    </message>
    <message>
        <source>rated {0} on {1}</source>
        <translation>为 {1}评分 {0}</translation>
    </message>
    <message>
        <source>ratings, split, flags, notes and provenance; an image from elsewhere has no scene</source>
        <translation>评分、划分、标记、备注和来源；别处来的图像没有场景</translation>
    </message>
    <message>
        <source>raw scores</source>
        <translation>原始得分</translation>
    </message>
    <message>
        <source>read as {0}</source>
        <translation>按 {0} 读取</translation>
    </message>
    <message>
        <source>read as {0} (Windows text: check names with accents)</source>
        <translation>按 {0} 读取（Windows 文本：请检查含重音的名称）</translation>
    </message>
    <message>
        <source>redo: {0}</source>
        <translation>重做：{0}</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>拒用</translation>
    </message>
    <message>
        <source>restored</source>
        <translation>已还原</translation>
    </message>
    <message>
        <source>restored {0}</source>
        <translation>已还原 {0}</translation>
    </message>
    <message>
        <source>robust z-score of MOS - score</source>
        <translation>MOS - 得分的稳健 z 分数</translation>
    </message>
    <message>
        <source>semicolons between columns</source>
        <translation>列以分号分隔</translation>
    </message>
    <message>
        <source>several faces</source>
        <translation>多张人脸</translation>
    </message>
    <message>
        <source>share of people who prefer it to the middle of its scene: Phi(0.6745 (v - centre))</source>
        <translation>认为它优于场景中等水平的人数比例：Phi(0.6745 (v - centre))</translation>
    </message>
    <message>
        <source>split &apos;{0}&apos; on {1}</source>
        <translation>{1}的划分设为“{0}”</translation>
    </message>
    <message>
        <source>spread, count, ratings, flags, notes and provenance; in a single file the split too</source>
        <translation>离散度、数量、评分、标记、备注和来源；单个文件时还有划分</translation>
    </message>
    <message>
        <source>spread, count, ratings, split, flags, notes and provenance</source>
        <translation>离散度、数量、评分、划分、标记、备注和来源</translation>
    </message>
    <message>
        <source>tabs between columns</source>
        <translation>列以制表符分隔</translation>
    </message>
    <message>
        <source>text of the note</source>
        <translation>备注内容</translation>
    </message>
    <message>
        <source>the MOS there is {0}, the file&apos;s {1}</source>
        <translation>已有 MOS 为 {0}，文件中为 {1}</translation>
    </message>
    <message>
        <source>the challenge&apos;s own scores come from a network (DSL-FIQA), not from people</source>
        <translation>该竞赛自带的分数来自网络 (DSL-FIQA)，并非人工</translation>
    </message>
    <message>
        <source>the file has {0} bytes, more than {1}</source>
        <translation>文件有 {0} 字节，超过 {1}</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>文件为空</translation>
    </message>
    <message>
        <source>the file is gone</source>
        <translation>文件已不存在</translation>
    </message>
    <message>
        <source>the file is truncated</source>
        <translation>文件不完整</translation>
    </message>
    <message>
        <source>the least like those with a label</source>
        <translation>与已标注图像最不相似者</translation>
    </message>
    <message>
        <source>the name is empty</source>
        <translation>名称为空</translation>
    </message>
    <message>
        <source>there is no value</source>
        <translation>没有数值</translation>
    </message>
    <message>
        <source>there is not enough memory to decode it</source>
        <translation>内存不足，无法解码</translation>
    </message>
    <message>
        <source>train, val, cal or test</source>
        <translation>train、val、cal 或 test（训练、验证、校准、测试）</translation>
    </message>
    <message>
        <source>undo: {0}</source>
        <translation>撤销：{0}</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>unusable</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>weak:{0}</source>
        <translation>弱标签：{0}</translation>
    </message>
    <message>
        <source>what the model in use says; score@NAME: another model</source>
        <translation>当前模型的得分；score@NAME 为另一模型</translation>
    </message>
    <message>
        <source>what this model says</source>
        <translation>该模型的得分</translation>
    </message>
    <message>
        <source>when it was last labelled</source>
        <translation>最近标注时间</translation>
    </message>
    <message>
        <source>when the file was changed</source>
        <translation>文件修改时间</translation>
    </message>
    <message>
        <source>where it and {0} disagree</source>
        <translation>它与 {0} 分歧之处</translation>
    </message>
    <message>
        <source>where your labels do not yet decide</source>
        <translation>您的标签尚不能决定之处</translation>
    </message>
    <message>
        <source>who labelled it</source>
        <translation>标注者</translation>
    </message>
    <message>
        <source>who said what when comes along</source>
        <translation>附带谁在何时给出了什么</translation>
    </message>
    <message>
        <source>who said what, flags, notes and provenance; in the scores file the split too</source>
        <translation>谁给了什么评分、标记、备注和来源；分数文件中还有划分</translation>
    </message>
    <message>
        <source>why it could not be read</source>
        <translation>无法读取的原因</translation>
    </message>
    <message>
        <source>why it is flagged</source>
        <translation>标记的原因</translation>
    </message>
    <message>
        <source>width of the MOS&apos;s 95 % interval</source>
        <translation>MOS 的 95% 区间宽度</translation>
    </message>
    <message>
        <source>width x height</source>
        <translation>宽 x 高</translation>
    </message>
    <message>
        <source>with a header</source>
        <translation>有表头</translation>
    </message>
    <message>
        <source>without a header</source>
        <translation>无表头</translation>
    </message>
    <message>
        <source>{0} ({1} left alone: changed since)</source>
        <translation>{0}（{1}此后已变动，未作更改）</translation>
    </message>
    <message>
        <source>{0} are outside the scale</source>
        <translation>{0} 行超出分制</translation>
    </message>
    <message>
        <source>{0} by hash</source>
        <translation>按内容 {0}</translation>
    </message>
    <message>
        <source>{0} by name</source>
        <translation>按文件名 {0}</translation>
    </message>
    <message>
        <source>{0} by path</source>
        <translation>按路径 {0}</translation>
    </message>
    <message>
        <source>{0} by stem</source>
        <translation>按不含扩展名的文件名 {0}</translation>
    </message>
    <message>
        <source>{0} differ from a label that is there</source>
        <translation>{0} 行与已有标签不同</translation>
    </message>
    <message>
        <source>{0} have a value that is no number</source>
        <translation>{0} 行的值不是数字</translation>
    </message>
    <message>
        <source>{0} have no value</source>
        <translation>{0} 行无数值</translation>
    </message>
    <message>
        <source>{0} images</source>
        <translation>{0} 张图像</translation>
    </message>
    <message>
        <source>{0} images have this {1}</source>
        <translation>{0} 张图像都符合（{1}）</translation>
    </message>
    <message>
        <source>{0} labels</source>
        <translation>{0} 个标签</translation>
    </message>
    <message>
        <source>{0} lines match</source>
        <translation>{0} 行匹配</translation>
    </message>
    <message>
        <source>{0} lines match ({1})</source>
        <translation>{0} 行匹配（{1}）</translation>
    </message>
    <message>
        <source>{0} more labelled images (there are {1})</source>
        <translation>再标注 {0} 张图像（现有 {1} 张）</translation>
    </message>
    <message>
        <source>{0} name more than one image</source>
        <translation>{0} 行对应多张图像</translation>
    </message>
    <message>
        <source>{0} name no image of the library</source>
        <translation>{0} 行在标注库中无对应图像</translation>
    </message>
    <message>
        <source>{0} of {1} images without a label: {2}, of all kinds; {3} drawn at random.</source>
        <translation>{1} 张无标签图像中的 {0} 张：{2}，各类都有；其中 {3} 张随机抽取。</translation>
    </message>
    <message>
        <source>{0} of {1} labels, the most suspect first, judged by {2} without having seen them.</source>
        <translation>{1} 个标签中的 {0} 个，最可疑的在前，由未见过它们的 {2} 判断。</translation>
    </message>
    <message>
        <source>{0} repeat an image</source>
        <translation>{0} 行图像重复</translation>
    </message>
    <message>
        <source>{0} x {1} pixels are more than the limit of {2}</source>
        <translation>{0} x {1} 像素超过上限 {2}</translation>
    </message>
    <message>
        <source>{0} x {1} pixels are too narrow for a face image</source>
        <translation>{0} x {1} 像素对人脸图像来说太窄</translation>
    </message>
    <message>
        <source>{0}; scale {1}</source>
        <translation>{0}；分制 {1}</translation>
    </message>
    <message>
        <source>{0}; scale {1} (the layout&apos;s own; say so if it is another)</source>
        <translation>{0}；分制 {1}（格式自带；如不同请指定）</translation>
    </message>
</context>
<context>
    <name>keymap</name>
    <message>
        <source>moving between images</source>
        <translation>在图像间移动</translation>
    </message>
</context>
<context>
    <name>program</name>
    <message>
        <source>Open or make a library</source>
        <translation>打开或新建标注库</translation>
    </message>
    <message>
        <source>The library cannot be opened</source>
        <translation>无法打开标注库</translation>
    </message>
    <message>
        <source>The program cannot start</source>
        <translation>程序无法启动</translation>
    </message>
</context>
<context>
    <name>reasons</name>
    <message>
        <source>Another reason</source>
        <translation>其他原因</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Face hidden</source>
        <translation>人脸被遮挡</translation>
    </message>
    <message>
        <source>No consent</source>
        <translation>未获同意</translation>
    </message>
    <message>
        <source>Not a face</source>
        <translation>不是人脸</translation>
    </message>
    <message>
        <source>Several faces</source>
        <translation>多张人脸</translation>
    </message>
    <message>
        <source>Unusable</source>
        <translation>无法使用</translation>
    </message>
</context>
<context>
    <name>shown_scale</name>
    <message>
        <source>The numbers from 0 to 100 say how many of every hundred of {0} score no higher. The menu Model shows the scores themselves instead.</source>
        <translation>0 到 100 的数字表示：在 {0} 中，每一百张里有多少张的得分不高于它。可在“模型”菜单中改为显示得分本身。</translation>
    </message>
    <message>
        <source>calibrated to {0} labels</source>
        <translation>已按 {0} 个标签校准</translation>
    </message>
    <message>
        <source>percentiles of {0}</source>
        <translation>{0} 的百分位</translation>
    </message>
</context>
<context>
    <name>tiles</name>
    <message>
        <source>Calibrated; 90 % of labels lie between {0}</source>
        <translation>已校准；90% 的标签位于 {0}</translation>
    </message>
    <message>
        <source>It no longer matches the filter: it goes with the next refresh.</source>
        <translation>已不符合筛选条件：下次刷新时移走。</translation>
    </message>
    <message>
        <source>MOS {0} ({1})</source>
        <translation>MOS {0}（{1}）</translation>
    </message>
    <message>
        <source>Score {0} {1}</source>
        <translation>得分 {0} {1}</translation>
    </message>
</context>
<context>
    <name>training</name>
    <message>
        <source>Calibrate</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Calibrated scores are {0} from the labels of held-out images (RMSE), raw ones {1}.</source>
        <translation>在留出图像上，校准后的得分与标签的 RMSE 为 {0}，原始得分为 {1}。</translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>Fine-tune the active model</source>
        <translation>微调当前模型</translation>
    </message>
    <message>
        <source>Judged on {0}. Labels: {1}. Below each number: its 95 % interval.</source>
        <translation>评判依据：{0}。标签：{1}。每个数值下方为其 95% 区间。</translation>
    </message>
    <message>
        <source>No real difference: SRCC {0} on {1}, which chance may explain.</source>
        <translation>无显著差异：SRCC {0}（{1}），可能出于偶然。</translation>
    </message>
    <message>
        <source>Only {0} images: with others the numbers could be quite different.</source>
        <translation>仅 {0} 张图像：换一批图像，数值可能大不相同。</translation>
    </message>
    <message>
        <source>Personalise</source>
        <translation>个性化</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>快速训练</translation>
    </message>
    <message>
        <source>Quick, from scratch</source>
        <translation>快速，从头训练</translation>
    </message>
    <message>
        <source>The new model is better: SRCC {0} on {1}, more than chance explains.</source>
        <translation>新模型更好：SRCC {0}（{1}），超出偶然波动。</translation>
    </message>
    <message>
        <source>The new model is worse: SRCC {0} on {1}, more than chance explains.</source>
        <translation>新模型更差：SRCC {0}（{1}），超出偶然波动。</translation>
    </message>
    <message>
        <source>The paper</source>
        <translation>论文流程</translation>
    </message>
    <message>
        <source>The paper, in full</source>
        <translation>完整的论文流程</translation>
    </message>
    <message>
        <source>There is no test split: these images helped to choose the epoch, so the numbers flatter.</source>
        <translation>没有测试划分：这些图像参与了轮次选择，因此数值偏乐观。</translation>
    </message>
    <message>
        <source>There was no active model to compare with.</source>
        <translation>当时没有可供比较的当前模型。</translation>
    </message>
    <message>
        <source>Tiny, a trial run</source>
        <translation>极小，试运行</translation>
    </message>
    <message>
        <source>Too few to tell which model is better: {1}.</source>
        <translation>数量太少，无法判断哪个模型更好：{1}。</translation>
    </message>
    <message>
        <source>Trial run</source>
        <translation>试运行</translation>
    </message>
    <message>
        <source>about {0} left</source>
        <translation>约剩 {0}</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>epoch {0}/{1}</source>
        <translation>第 {0}/{1} 轮</translation>
    </message>
    <message>
        <source>export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>first pseudo-labels</source>
        <translation>第一批伪标签</translation>
    </message>
    <message>
        <source>fitting</source>
        <translation>正在拟合</translation>
    </message>
    <message>
        <source>folder is gone</source>
        <translation>文件夹已不存在</translation>
    </message>
    <message>
        <source>gate</source>
        <translation>评判</translation>
    </message>
    <message>
        <source>human</source>
        <translation>人工</translation>
    </message>
    <message>
        <source>imported from {0}</source>
        <translation>导入自 {0}</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>judging on held-out images</source>
        <translation>在留出图像上评判</translation>
    </message>
    <message>
        <source>looking at the images</source>
        <translation>正在读取图像</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>not started</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>of unknown origin</source>
        <translation>来源不明</translation>
    </message>
    <message>
        <source>on another machine</source>
        <translation>在另一台机器上</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>preparing the images</source>
        <translation>正在准备图像</translation>
    </message>
    <message>
        <source>pseudo-labels of {0}</source>
        <translation>{0} 的伪标签</translation>
    </message>
    <message>
        <source>pseudo-labels {0}</source>
        <translation>伪标签 {0}</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>second pseudo-labels</source>
        <translation>第二批伪标签</translation>
    </message>
    <message>
        <source>student</source>
        <translation>学生模型</translation>
    </message>
    <message>
        <source>teacher</source>
        <translation>教师模型</translation>
    </message>
    <message>
        <source>teacher, second round</source>
        <translation>教师模型，第二轮</translation>
    </message>
    <message>
        <source>waits for its turn</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>weak labels by {0}</source>
        <translation>{0} 的弱标签</translation>
    </message>
    <message>
        <source>writing the model file</source>
        <translation>正在写入模型文件</translation>
    </message>
    <message>
        <source>{0} % of {1} held-out labels lie in their {2} % interval, which is {3} wide on average.</source>
        <translation>{1} 个留出标签中有 {0}% 落在各自的 {2}% 区间内，区间平均宽 {3}。</translation>
    </message>
    <message>
        <source>{0} could not be scored.</source>
        <translation>{0} 张无法打分。</translation>
    </message>
    <message>
        <source>{0} held-out images in {1} groups (people unknown)</source>
        <translation>{0} 张留出图像，{1} 个组（人物未知）</translation>
    </message>
    <message>
        <source>{0} held-out images of {1} people</source>
        <translation>{0} 张留出图像，{1} 个人物</translation>
    </message>
    <message>
        <source>{0} img/s</source>
        <translation>{0} 张/秒</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 到 {1}</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Bad</source>
        <translation>劣</translation>
    </message>
    <message>
        <source>Excellent</source>
        <translation>优</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>中</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>良</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>文件缺失</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>差</translation>
    </message>
    <message>
        <source>The model itself says {0}.</source>
        <translation>模型本身的得分为 {0}。</translation>
    </message>
    <message>
        <source>d MMM HH:mm</source>
        <translation>MM-dd HH:mm</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy-MM-dd</translation>
    </message>
    <message>
        <source>not computed yet</source>
        <translation>尚未计算</translation>
    </message>
    <message>
        <source>of 100</source>
        <translation>/ 100</translation>
    </message>
    <message>
        <source>the reference set</source>
        <translation>参考集</translation>
    </message>
    <message>
        <source>{0} % of {1} score no higher; it is a place among them and no quality.</source>
        <translation>{1} 中有 {0} % 的得分不高于它；这是在其中的位置，不是质量。</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 到 {1}</translation>
    </message>
</context>
</TS>
